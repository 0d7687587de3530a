import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { done, expectEach, failed, startApp } from './commands-world.js';

/** Text that tools read differently: quotes, comments, `export`, several lines, odd keys. */
const TRICKY = `# a comment
A=1
export B = two words # said
C="line one
line two"
D='it''s'
E="\\n escaped"
F=
__proto__=x
1=digit
a.b-c=dotted
A=again
G=\`"both" 'quotes'\`
no equals sign
URL=postgres://u:p@h/db?x=1#frag
`;

describe('config of a running app', () => {
  const FILES = {
    Procfile: `worker: echo "A is $A, B is $B"; exec sleep 1000\n`,
    '.env': '# kept\nB=from the file\nA=1\n',
  };

  test('is shown in every form', async () => {
    const { type } = await startApp(FILES);
    await expectEach(type, [
      [['config'], done('=== ⬢ my-app Config Vars\n\nA: 1\nB: from the file\n')],
      [['config', '--json'], done('{\n  "B": "from the file",\n  "A": "1"\n}\n')],
      [['config', '-s'], done("A=1\nB='from the file'\n")],
      [['config:get', 'B'], done('from the file\n')],
      // As on Heroku; a program can ask for JSON.
      [['config:get', 'NOPE'], done('\n')],
      [['config:get', 'NOPE', '--json'], done('{\n  "key": "NOPE",\n  "value": null\n}\n')],
      [['config:get', 'B', 'A', '-s'], done("B='from the file'\nA=1\n")],
    ]);
  });

  test('is changed in the file and, by a release, in the dynos', async () => {
    const { type, dir, app } = await startApp(FILES);
    await app.printed(/A is 1, B is from the file/);
    expect(await type('config:set', 'A=2', 'B=a  b', 'EMPTY=')).toMatchObject(
      done('A:     2\nB:     a  b\nEMPTY:\n', 'Setting A, B, EMPTY and restarting ⬢ my-app... done, v2\n'),
    );
    await app.printed(/A is 2, B is a {2}b/);
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('# kept\nB=a  b\nA=2\nEMPTY=""\n');
    expect(await type('config:unset', 'B', 'EMPTY')).toMatchObject(
      done('', 'Unsetting B, EMPTY and restarting ⬢ my-app... done, v3\n'),
    );
    await app.printed(/A is 2, B is "/);
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('# kept\nA=2\n');
    // A command that changes nothing makes no release, and says so.
    expect(await type('config:set', 'A=2')).toMatchObject(
      done('A: 2\n', 'Setting A and restarting ⬢ my-app... done, still v3\n'),
    );
    expect(await type('config:unset', 'NOPE')).toMatchObject(
      done('', 'Unsetting NOPE and restarting ⬢ my-app... done, still v3\n'),
    );
    expect(JSON.parse((await type('config', '--json')).stdout)).toEqual({ A: '2' });
  });

  test('stays as it is if a change is wrong', async () => {
    const { type, dir } = await startApp(FILES);
    const name = 'Names consist of letters, digits and _.';
    await expectEach(type, [
      [['config:set', 'A=2', 'B'], failed('B is invalid. Must be in the format FOO=bar.')],
      [['config:set', 'A=2', '=x'], failed('=x is invalid. Must be in the format FOO=bar.')],
      [['config:set', 'A=2', 'C D=1'], failed(`An env file cannot hold a variable named \`C D\`. ${name}`)],
      [['config:set'], failed("missing required argument 'key=value'. See dynosim config:set --help.")],
      [['config:unset'], failed("missing required argument 'key'. See dynosim config:unset --help.")],
      [['config:get'], failed("missing required argument 'key'. See dynosim config:get --help.")],
    ]);
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe(FILES['.env']);
    expect(JSON.parse((await type('releases', '--json')).stdout)).toHaveLength(1);
  });
});

describe('config of files, with nothing running', () => {
  test('--json prints exactly what dotenv reads from a file', async () => {
    const dir = makeFolder({ 'odd.env': TRICKY });
    const { stdout, stderr, status } = await run(['config', '--json', '-e', 'odd.env'], { cwd: dir });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toBe(`${JSON.stringify(parse(TRICKY), undefined, 2)}\n`);
  });

  test('--shell is read back by a shell', async () => {
    const value = 'it\'s "$HOME" `x` \\ ; # *';
    const dir = makeFolder({ '.env': `A=\`${value.replaceAll('`', '')}\`\nB=plain\n` });
    const { stdout } = await run(['config', '--shell'], { cwd: dir });
    const { execFileSync } = await import('node:child_process');
    const script = `${stdout}\nprintf '%s|%s' "$A" "$B"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(
      `${value.replaceAll('`', '')}|plain`,
    );
  });

  test('is set, shown and unset', async () => {
    const cwd = makeFolder({ '.env': '# kept\nA=1\n' });
    expect(await run(['config:set', 'A=2', "B=it's"], { cwd })).toMatchObject(
      done("A: 2\nB: it's\n", 'Setting A, B in .env... done\n'),
    );
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe('# kept\nA=2\nB="it\'s"\n');
    expect(await run(['config'], { cwd })).toMatchObject(done("=== .env Config Vars\n\nA: 2\nB: it's\n"));
    expect(await run(['config:unset', 'A', 'B'], { cwd })).toMatchObject(
      done('', 'Unsetting A, B in .env... done\n'),
    );
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe('# kept\n');
    expect(await run(['config'], { cwd })).toMatchObject(done('.env has no config vars.\n'));
  });

  test('are found from a folder below the app, as those of a running app are', async () => {
    const dir = makeFolder({ Procfile: 'web: x\n', '.env': 'A=1\n', 'sub/below/x': '' });
    const cwd = join(dir, 'sub/below');
    expect(await run(['config:set', 'B=2'], { cwd })).toMatchObject({ status: 0 });
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('A=1\nB=2\n');
    expect(JSON.parse((await run(['config', '--json'], { cwd })).stdout)).toEqual({ A: '1', B: '2' });
    expect((await run(['run', 'echo $A $PWD'], { cwd })).stdout).toBe(`1 ${dir}\n`);
  });

  test('only its owner can read a new file, and a warning says that git does not ignore it', async () => {
    const dir = makeFolder({ 'repo/': '' });
    const cwd = join(dir, 'repo');
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['init', '--quiet'], { cwd });
    const { stderr, status } = await run(['config:set', 'A=1'], { cwd });
    expect(stderr).toBe(
      'Setting A in .env... done\n' +
        'Warning: .env is new and git does not ignore it. Add it to .gitignore, or its values get committed.\n',
    );
    expect(status).toBe(0);
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600);
  });

  test('of several files the last wins, and a change goes where the variable is', async () => {
    const cwd = makeFolder({ 'a.env': 'A=1\nB=1\n', 'b.env': 'B=2\n' });
    const env = ['-e', 'a.env, b.env'];
    expect(JSON.parse((await run(['config', '--json', ...env], { cwd })).stdout)).toEqual({ A: '1', B: '2' });
    await run(['config:set', 'A=3', 'B=3', 'C=3', ...env], { cwd });
    expect(readFileSync(join(cwd, 'a.env'), 'utf8')).toBe('A=3\nB=1\n');
    expect(readFileSync(join(cwd, 'b.env'), 'utf8')).toBe('B=3\nC=3\n');
    // Otherwise the value of an earlier file would reappear.
    await run(['config:unset', 'B', ...env], { cwd });
    expect(JSON.parse((await run(['config', '--json', ...env], { cwd })).stdout)).toEqual({ A: '3', C: '3' });
  });

  test('are those that start would read', async () => {
    const cwd = makeFolder({ '.dynosimrc': '--env dev.env\n', 'dev.env': 'A=dev\n', '.env': 'A=other\n' });
    expect(await run(['config:get', 'A'], { cwd })).toMatchObject(done('dev\n'));
    expect(await run(['config:get', 'A', '-e', '.env'], { cwd })).toMatchObject(done('other\n'));
  });

  test('what cannot be read or is not there is an error', async () => {
    const cwd = makeFolder({ '.env': 'A=1\n' });
    mkdirSync(join(cwd, 'folder.env'));
    expect(await run(['config', '-e', 'nope.env'], { cwd })).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^dynosim: There is no nope\.env \(.*\)\. Write one, for example: KEY=value\n$/,
      ),
    });
    expect(await run(['config', '-e', 'folder.env'], { cwd })).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^dynosim: .*folder\.env.*\n$/),
    });
    expect(await run(['config', '--app', 'my-app'], { cwd })).toMatchObject(
      failed('No app named my-app runs. Start it with "dynosim start", or name its folder with --dir.'),
    );
    expect(await run(['config', '-d', 'nope'], { cwd })).toMatchObject(
      failed(`There is no folder ${join(cwd, 'nope')}. Name the app's folder with --dir.`),
    );
    writeFileSync(join(cwd, '.dynosimrc'), '--nope\n');
    expect(await run(['config'], { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^dynosim: \.dynosimrc line 1: .*--nope.*\n$/),
    });
  });
});
