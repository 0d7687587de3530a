import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

describe('dynosim check', () => {
  test('is content with a good app', async () => {
    const cwd = makeFolder({
      Procfile: 'web: node web.js\nworker: node worker.js\n',
      'web.js': '',
      'worker.js': '',
      '.env': 'A=1\n',
    });
    expect(await run(['check'], { cwd })).toMatchObject({
      status: 0,
      stdout: '2 process types: web, worker\n',
      stderr: '',
    });
  });

  test('prints each problem with its line, and fails only on an error', async () => {
    const cwd = makeFolder({ Procfile: 'web: node web.js\nhello world\n' });
    const { status, stdout } = await run(['check'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Procfile:2:\d+: warning: /m);
    expect(stdout).toMatch(/^1 process type: web$/m);
  });

  test('fails for a file with nothing to run, and explains why', async () => {
    const cwd = makeFolder({ Procfile: '# nothing\n' });
    const { status, stdout } = await run(['check'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Procfile:1: error: No line of this file can be run\. .*web: node server\.js$/m);
  });

  test('asks bash whether it can read a command, and runs nothing of it', async () => {
    const cwd = makeFolder({ Procfile: 'web: touch ran; node "web.js\nworker: touch ran; cat <<END\n' });
    const { status, stdout } = await run(['check'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Procfile:1:6: warning: Bash cannot read this command: .*"/);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(readdirSync(cwd)).toEqual(['Procfile']);
  });

  test('looks for programs where a dyno would, and for what bash itself has', async () => {
    const cwd = makeFolder({
      Procfile: 'web: here\na: no-such-program\nb: exec node package.json\nc: if :; then :; fi\n',
      'node_modules/.bin/here': '',
      'package.json': '{}',
    });
    chmodSync(join(cwd, 'node_modules/.bin/here'), 0o755);
    const { stdout } = await run(['check'], { cwd });
    expect(stdout.match(/warning: .*/g)).toEqual([
      expect.stringContaining('There is no program `no-such-program` here.'),
    ]);
  });

  test('runs nothing, not even what bash would run first', async () => {
    const cwd = makeFolder({
      Procfile: 'web: touch ran; $(touch ran)\n',
      'package.json': '{}',
      'first.sh': 'touch ran\n',
    });
    writeFileSync(join(cwd, '.bashrc'), 'touch ran\n');
    const env = { BASH_ENV: 'first.sh', HOME: cwd, SSH_CLIENT: '127.0.0.1 1 22', SHLVL: '0' };
    expect((await run(['check'], { cwd, env })).status).toBe(0);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  test('works without bash', async () => {
    const cwd = makeFolder({ Procfile: 'web: node "web.js\na: no-such-program\n', 'package.json': '{}' });
    const { stdout } = await run(['check'], { cwd, env: { PATH: cwd } });
    expect(stdout).toBe('2 process types: web, a\n');
  });

  test('reads the files that .dynosimrc names, unless others are', async () => {
    const cwd = makeFolder({
      'Procfile.dev': 'worker: true\n',
      'a.env': 'junk!\n',
      '.dynosimrc': '--procfile Procfile.dev\n-e a.env\n',
    });
    expect((await run(['check'], { cwd })).stdout).toMatch(
      /^a\.env:1:1: warning: .*\n1 process type: worker\n$/,
    );
    const other = await run(['check', '-f', 'nope', '-e', '/dev/null'], { cwd });
    expect(other.stdout).toMatch(/^nope: error: There is no nope .*\n$/);
    writeFileSync(join(cwd, '.dynosimrc'), '-f Procfile.dev\n--prot 3\n');
    const { status, stdout } = await run(['check'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toBe('.dynosimrc:2: error: "--prot" is not a flag. Did you mean --port?\n');
  });

  test('--json prints one document, also when it fails', async () => {
    const cwd = makeFolder({ Procfile: 'web: true\nweb: false\nworker: true\n' });
    const { stdout } = await run(['check', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      processes: [
        { type: 'web', command: 'false', line: 2 },
        { type: 'worker', command: 'true', line: 3 },
      ],
      problems: [
        { severity: 'warning', file: 'Procfile', line: 1, message: expect.stringContaining('line 2') },
      ],
    });
    const failed = await run(['check', '--json'], { cwd: makeFolder() });
    expect(failed.status).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ processes: [], problems: [{ severity: 'error' }] });
  });

  test('compares the versions that the app requests with those on PATH', async () => {
    const cwd = makeFolder({
      Procfile: 'web: node web.js\n',
      'package.json': JSON.stringify({ engines: { node: '4.x' } }),
    });
    expect((await run(['check'], { cwd })).stdout).toMatch(/^package\.json:1: warning: .*4\.x/m);
  });

  test('--strict fails for a warning, and says so', async () => {
    const cwd = makeFolder({ Procfile: 'web: node web.js\nhello world\n' });
    expect((await run(['check'], { cwd })).status).toBe(0);
    const { status, stdout, stderr } = await run(['check', '--strict'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toContain('Procfile:2:1: warning: ');
    expect(stderr).toBe('dynosim: --strict: warnings fail this check\n');
    const good = makeFolder({ Procfile: 'web: true\n' });
    expect(await run(['check', '--strict'], { cwd: good })).toMatchObject({ status: 0, stderr: '' });
  });

  test('--junit also writes a JUnit file, relative to the current folder', async () => {
    const cwd = makeFolder({ 'app/Procfile': '# nothing\n' });
    const { status, stdout } = await run(['check', '--dir', 'app', '--junit', 'check.xml'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Procfile:1: error: /);
    expect(readFileSync(join(cwd, 'check.xml'), 'utf8')).toMatch(
      /<testsuite name="dynosim check" tests="2" failures="1" .*\n<testcase .* name="Procfile" .*>\n<failure message="No line of this file can be run\. /,
    );
    const nowhere = await run(['check', '--dir', 'app', '--junit', 'no/check.xml'], { cwd });
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toMatch(
      /^dynosim: no\/check\.xml cannot be written: ENOENT.*\. Name a file .*\n$/,
    );
  });

  test('annotates lines in GitHub Actions', async () => {
    const cwd = makeFolder({ 'app/Procfile': '# nothing\n' });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd };
    const { stdout } = await run(['check', '--dir', 'app'], { cwd, env });
    expect(stdout).toMatch(/^Procfile:1: error: .*\n::error file=app\/Procfile,line=1::No line of .*\n$/);
    const json = await run(['check', '--dir', 'app', '--json'], { cwd, env });
    expect(JSON.parse(json.stdout)).toHaveProperty('problems');
    expect(json.stderr).toMatch(/^::error file=app\/Procfile,line=1::/);
  });
});
