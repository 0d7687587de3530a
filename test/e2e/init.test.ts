import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { openTerminal } from '../helpers/terminal.js';

const SERVER = `const { GREETING = 'hello' } = process.env;
require('node:http').createServer((_, response) => response.end(GREETING)).listen(process.env.PORT);
`;

const APP = { 'package.json': '{"scripts":{"start":"node server.js"}}', 'server.js': SERVER };

function read(dir: string, file: string): string {
  return readFileSync(join(dir, file), 'utf8');
}

describe('dynosim init', () => {
  test('writes a Procfile that start runs and check accepts, and an env file with what the code reads', async () => {
    const cwd = makeFolder(APP);
    const { status, stdout, stderr } = await run(['init'], { cwd });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(`Wrote Procfile:
  web: node server.js
    because it is the start script of package.json, without npm between
Wrote .env, with what the code reads. Give the values that you need:
  # GREETING=  server.js:1
Look at it, then: dynosim check, dynosim start
`);
    expect(read(cwd, 'Procfile')).toBe('web: node server.js\n');
    expect(read(cwd, '.env')).toBe('# GREETING=\n');
    expect((await run(['check', '--strict'], { cwd })).stdout).toBe('1 process type: web\n');
    const started = start(cwd);
    const { router } = await started.ready();
    expect(await (await fetch(router)).text()).toBe('hello');
    expect((await started.stop()).status).toBe(0);
  });

  test('--dry-run says what it would write', async () => {
    const cwd = makeFolder({ 'app/package.json': APP['package.json'], 'app/server.js': SERVER });
    const { status, stdout } = await run(['init', '--dir', 'app', '--dry-run'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Would write Procfile:\n {2}web: node server\.js\n[\s\S]*^Would write \.env, [\s\S]*GREETING/m,
    );
    expect(readdirSync(join(cwd, 'app'))).toEqual(['package.json', 'server.js']);
  });

  test.each([
    ['', true],
    ['.env\n', false],
  ])(
    'in a repository, says whether git would take the env file: with the .gitignore %j',
    async (ignored, isSaid) => {
      const cwd = makeFolder({ ...APP, '.git/HEAD': '', '.gitignore': ignored });
      const { stdout } = await run(['init'], { cwd });
      expect(stdout.includes('\ngit would take these values: add .env to .gitignore.\n')).toBe(isSaid);
    },
  );

  test('breaks lines at spaces, if the terminal is narrow', async () => {
    const cwd = makeFolder(APP);
    const terminal = openTerminal(`stty cols 40; ${BIN} init`, cwd);
    await terminal.shows(
      / {4}because it is the start script of\r\n {6}package\.json, without npm between\r\n/,
    );
    expect(await terminal.finished).toBe(0);
  });

  test('leaves an env file as it is', async () => {
    const cwd = makeFolder({ ...APP, '.env': 'A=1\n' });
    expect((await run(['init'], { cwd })).stdout).toMatch(
      /^Left \.env as it is\. The code also reads:\n {2}# GREETING= {2}server\.js:1$/m,
    );
    expect(read(cwd, '.env')).toBe('A=1\n');
  });

  test.each([
    ['Procfile', /^dynosim: There is a Procfile in .* already\. /],
    ['procfile', /^dynosim: There is a Procfile in .*, named procfile\. Rename it: mv procfile Procfile\n$/],
  ])('fails where there is a %s', async (name, said) => {
    const cwd = makeFolder({ ...APP, [name]: '' });
    const { status, stdout, stderr } = await run(['init'], { cwd });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(said);
    expect(read(cwd, name)).toBe('');
    expect(existsSync(join(cwd, '.env'))).toBe(false);
  });

  test('does not write through a link to nowhere', async () => {
    const cwd = makeFolder(APP);
    symlinkSync('elsewhere', join(cwd, 'Procfile'));
    expect((await run(['init'], { cwd })).status).toBe(1);
    expect(existsSync(join(cwd, 'elsewhere'))).toBe(false);
  });

  test.each([
    [
      { 'index.html': '<p>' },
      /^dynosim: Nothing in .* tells how the app is started\. Write a file named Procfile /,
    ],
    [{ 'package.json': '{nope' }, /^dynosim: package\.json is not JSON: /],
  ])('fails where there is nothing to guess from: %j', async (files, said) => {
    const cwd = makeFolder(files);
    const { status, stdout, stderr } = await run(['init'], { cwd });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(said);
    expect(readdirSync(cwd)).toEqual(Object.keys(files));
  });
});
