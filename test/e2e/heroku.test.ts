import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { dynosim, type Ready, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { openTerminal } from '../helpers/terminal.js';
import { BIN, done, failed, startApp, tokenFile } from './commands-world.js';

/**
 * Without Heroku's CLI, which is large and not ours: a program in its place tells what it was given. `npm run
 * test:heroku` tries the real one.
 */
const CLI = `#!/usr/bin/env bash
case $1 in
  fail) exit 7 ;;
  die) kill -TERM $$ ;;
  # Not by "wait": a signal that comes just before it would wait with it.
  wait) trap 'echo got TERM; exit 3' TERM; echo waiting; while :; do sleep 0.1; done ;;
  git) git config user.name; git config --global credential.test.helper written ;;
  *) printf '%s\\n' "$@"; env | grep -E '^(HEROKU|GIT_|NODE_EXTRA|DISABLE)' | sort ;;
esac
`;

function makeCli(): string {
  const file = join(makeFolder({ heroku: CLI }), 'heroku');
  chmodSync(file, 0o755);
  return file;
}

async function world(files: Readonly<Record<string, string>> = {}) {
  const app = await startApp({ Procfile: 'worker: exec sleep 1000\n', ...files });
  const bin = makeCli();
  const bash = async (line: string, env: Readonly<Record<string, string>> = {}) => {
    const shell = spawn('bash', ['-c', line], {
      cwd: app.dir,
      env: { ...process.env, DYNOSIM_HEROKU_BIN: bin, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const over = new Promise<number | null>((resolve) => shell.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    return { status: await over, stdout, stderr };
  };
  return { ...app, bin, bash };
}

/** Heroku's CLI checks the certificate before it sends the token. */
function overTls({ api }: Ready): string {
  return api.replace(/^http:/, 'https:');
}

describe('dynosim env', () => {
  test('sets what the CLI needs, in any shell, and again', async () => {
    const { bash, ready } = await world();
    const twice = `eval "$(${BIN} env)"; eval "$(${BIN} env)"; printenv`;
    const { status, stdout, stderr } = await bash(twice, {
      GIT_SSL_CAINFO: '/etc/theirs.pem',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'me',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const set = Object.fromEntries(
      stdout.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
    );
    expect(set).toMatchObject({
      HEROKU_HOST: overTls(ready),
      HEROKU_API_KEY: readFileSync(tokenFile(), 'utf8').trim(),
      HEROKU_APP: 'my-app',
      HEROKU_PARTICLEBOARD_URL: overTls(ready),
      DISABLE_TELEMETRY: 'true',
      GIT_CONFIG_COUNT: '5',
      GIT_CONFIG_VALUE_0: 'me',
      GIT_CONFIG_KEY_1: 'http.sslCAInfo',
      GIT_CONFIG_VALUE_1: '/etc/theirs.pem',
    });
    expect(set.GIT_SSL_CAINFO).toBeUndefined();
    expect(readFileSync(set.NODE_EXTRA_CA_CERTS ?? '', 'utf8')).toMatch(/BEGIN CERTIFICATE/);
    expect(existsSync(join(set.HEROKU_CACHE_DIR ?? '', 'terms-of-service'))).toBe(true);
  });

  test('keeps certificates that other programs have added', async () => {
    const { bash, dir } = await world();
    writeFileSync(join(dir, 'theirs.pem'), 'THEIRS\n');
    const { stdout } = await bash(`eval "$(${BIN} env)"; eval "$(${BIN} env)"; cat "$NODE_EXTRA_CA_CERTS"`, {
      NODE_EXTRA_CA_CERTS: join(dir, 'theirs.pem'),
    });
    expect(stdout).toMatch(/BEGIN CERTIFICATE[\s\S]*THEIRS/);
  });

  test('--json, and nothing without a running app', async () => {
    const { type, ready } = await world();
    const { status, stdout } = await type('env', '--json');
    expect({ status, set: JSON.parse(stdout) }).toMatchObject({
      status: 0,
      set: { HEROKU_HOST: overTls(ready) },
    });
    expect(await type('env', '--dir', makeFolder())).toMatchObject({ status: 1, stdout: '' });
  });

  test('git trusts the API and prints its message', async () => {
    const { bash, dir, ready } = await world();
    const url = `${overTls(ready)}/my-app.git`;
    const commit =
      'git init -q repo && cd repo && git -c user.name=n -c user.email=e commit -q --allow-empty -m m';
    const { status, stderr } = await bash(`${commit} && eval "$(${BIN} env)" && git push ${url} HEAD:main`, {
      GIT_CONFIG_GLOBAL: join(dir, 'none'),
    });
    expect(status).toBe(128);
    expect(stderr).toContain("remote: !\tdynosim start runs the files in the app's folder as they are.");
  });

  test('git gets the token as a password', async () => {
    const { bash, ready } = await world();
    const { host } = new URL(ready.api);
    const { stdout } = await bash(
      `eval "$(${BIN} env)"; printf 'protocol=https\\nhost=${host}\\n\\n' | git credential fill`,
    );
    expect(stdout).toContain(`username=heroku\npassword=${readFileSync(tokenFile(), 'utf8').trim()}\n`);
  });
});

describe('dynosim heroku', () => {
  test('runs the CLI on the app, with all that follows', async () => {
    const { bash, ready } = await world();
    const { status, stdout } = await bash(`${BIN} heroku ps --json -x -- --help`);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ps\n--json\n-x\n--\n--help\n/);
    expect(stdout).toContain(`\nHEROKU_HOST=${overTls(ready)}\n`);
    expect(stdout).toMatch(/^HEROKU_HEADERS=\{"dynosim-terminal":"[\w-]{36}"\}$/m);
    expect((await bash(`${BIN} heroku --version`)).stdout).toMatch(/^--version\n/);
  });

  test('by the name of the app, from anywhere', async () => {
    const { bash } = await world();
    for (const flag of ['-a my-app', '--app my-app', '--app=my-app'])
      expect((await bash(`cd /; ${BIN} heroku ps ${flag}`)).status).toBe(0);
    expect(await bash(`cd /; ${BIN} heroku ps -a other`)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^dynosim: No app named other runs/),
    });
  });

  test('ends as it ends', async () => {
    const { bash, dir, bin } = await world();
    expect((await bash(`${BIN} heroku fail`)).status).toBe(7);
    expect((await bash(`${BIN} heroku die`)).status).toBe(143);
    const waiting = dynosim(['heroku', 'wait'], { cwd: dir, env: { DYNOSIM_HEROKU_BIN: bin } });
    await waiting.printed(/waiting/);
    expect(await waiting.stop()).toMatchObject({ status: 3, stdout: 'waiting\ngot TERM\n' });
  });

  test('logs in without the token', async () => {
    const { bash } = await world();
    for (const command of ['login', 'auth:login', 'logout', 'auth:logout'])
      expect((await bash(`${BIN} heroku ${command}`)).stdout).not.toMatch(/^HEROKU_API_KEY=/m);
  });

  test("keeps the CLI from writing to the user's git configuration", async () => {
    const { bash, dir } = await world();
    const theirs = join(dir, 'gitconfig');
    writeFileSync(theirs, '[user]\n\tname = me\n');
    const { stdout } = await bash(`${BIN} heroku git`, { GIT_CONFIG_GLOBAL: theirs });
    expect(stdout).toBe('me\n');
    expect(readFileSync(theirs, 'utf8')).not.toContain('written');
  });

  test('headers that the user has set stay', async () => {
    const { bash } = await world();
    const { stdout } = await bash(`${BIN} heroku ps`, { HEROKU_HEADERS: '{"X-Theirs":"1"}' });
    expect(stdout).toContain('HEROKU_HEADERS={"X-Theirs":"1","dynosim-terminal":');
  });

  test('shows its help and version, and explains login, while nothing runs', async () => {
    const env = { DYNOSIM_HEROKU_BIN: makeCli(), XDG_STATE_HOME: makeFolder() };
    const offer = (...args: readonly string[]) => run(['heroku', ...args], { cwd: makeFolder(), env });
    for (const args of [['--version'], ['help', 'ps'], ['ps', '--help'], []]) {
      const { status, stdout } = await offer(...args);
      expect([status, stdout]).toEqual([0, expect.stringContaining('HEROKU_SKIP_ANALYTICS=1\n')]);
      expect(stdout).not.toContain('HEROKU_API_KEY');
    }
    expect(await offer('login')).toMatchObject(
      failed(
        'No app is running to log in to. Start one with "dynosim start", or many with "dynosim host"; ' +
          'then "dynosim heroku" works without a login.',
      ),
    );
    expect(await offer('ps')).toMatchObject({ status: 1, stdout: '' });
  });

  test('logs in from anywhere', async () => {
    const { bash, ready } = await world();
    expect((await bash(`cd /; ${BIN} heroku login`)).stdout).toContain(`HEROKU_HOST=${overTls(ready)}\n`);
  });

  test('makes a plain git push report that the app of a folder takes none', async () => {
    const { bash, ready } = await world();
    const url = `${overTls(ready)}/my-app.git`;
    const made = await bash(
      `git init -q && git -c user.name=n -c user.email=e commit -q --allow-empty -m m && ${BIN} heroku git:remote`,
    );
    expect(made.stderr).toBe(
      'dynosim: "git push" does nothing: dynosim start runs the files of the folder as they are.\n',
    );
    // The variable would count more than the setting.
    const pushed = await bash(`unset GIT_SSL_CAINFO; git push ${url} HEAD:main`);
    expect(pushed.stderr).toMatch(
      /remote: !\tdynosim start runs the files in the app's folder as they are\./,
    );
  });

  test('reports what is missing', async () => {
    const { bash, type } = await world();
    expect(await bash(`PATH=/nowhere ${BIN} heroku ps`, { DYNOSIM_HEROKU_BIN: '' })).toEqual(
      failed(
        'There is no Heroku CLI on the PATH. Install it with "npm install -g heroku", or set DYNOSIM_HEROKU_BIN.',
      ),
    );
    const named = await bash(`${BIN} heroku ps`, { DYNOSIM_HEROKU_BIN: '/no/such/cli' });
    expect(named.stderr).toMatch(/^dynosim: DYNOSIM_HEROKU_BIN names \/no\/such\/cli, which cannot be run\./);
    expect((await type('heroku', '--help')).stdout).toMatch(/^Usage: dynosim heroku /);
  });

  test('passes on the terminal', async () => {
    const { dir, bin } = await world();
    const terminal = openTerminal(`${BIN} heroku hello`, dir, { DYNOSIM_HEROKU_BIN: bin });
    await terminal.shows(/hello/);
    expect(await terminal.finished).toBe(0);
  });
});

describe('dynosim info --code', () => {
  test('prints a code that logs in once', async () => {
    const { type, ready } = await world();
    const { stdout } = await type('info', '--code');
    expect(stdout).toMatch(/^[a-z2-9]{10}\n$/);
    const logIn = () =>
      fetch(`${ready.api}/oauth/authorizations`, {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from(`me:${stdout.trim()}`).toString('base64')}` },
      });
    expect((await logIn()).status).toBe(201);
    expect((await logIn()).status).toBe(401);
    expect(await type('info', '--code', '--json')).toMatchObject(
      done(/^\{\n {2}"code": "[a-z2-9]{10}"\n\}\n$/),
    );
  });
});
