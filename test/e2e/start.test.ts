import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

/** A web process that answers with its name, its environment variable X and its folder. */
const WEB = `
  require('node:http')
    .createServer((req, res) => res.end([process.env.DYNO, process.env.X, process.cwd()].join(' ')))
    .listen(process.env.PORT, () => console.log('listening'));`;

const PRETEND_WINDOWS = "Object.defineProperty(process, 'platform', { value: 'win32' })";

/** Runs a command of dynosim, `"$@"`, in a shell. */
async function inShell(script: string, args: readonly string[], zero = 'sh') {
  const shell = spawn('sh', ['-c', script, zero, process.execPath, BIN, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [status]] = await Promise.all([text(shell.stderr), once(shell, 'close')]);
  return { status, stderr };
}

const get = async (url: string): Promise<string> => (await fetch(url)).text();

describe('dynosim start', () => {
  test('runs every process type, routes to web, and logs it', async () => {
    const dir = makeFolder({
      'web.js': WEB,
      Procfile: 'worker: echo "I am $DYNO"; exec sleep 1000\nweb: node web.js\n',
      '.env': 'X=from-env\n',
    });
    const app = start(dir);
    const { router } = await app.ready();
    expect(await get(`${router}/a?b=c`)).toBe(`web.1 from-env ${dir}`);
    await app.printed(/"dyno":"worker.1","line":"I am worker.1"/);
    await app.printed(
      /"source":"heroku","dyno":"router","line":"at=info method=GET path=\\"\/a\?b=c\\" .* dyno=web.1 .* status=200/,
    );
    // For programs: when every dyno was up, and each fact of the router's line.
    await app.printed(/^\{"event":"up"\}$/m);
    const [entry] = await app.printed(/^.*"dyno":"router".*$/m);
    expect(JSON.parse(entry).router).toEqual({
      method: 'GET',
      path: '/a?b=c',
      status: 200,
      code: null,
      dyno: 'web.1',
      connectMs: expect.any(Number),
      serviceMs: expect.any(Number),
      bytes: `web.1 from-env ${dir}`.length,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      client: '127.0.0.1',
      userAgent: expect.any(String),
      isHeld: expect.any(Boolean),
      timeline: {
        queuedMs: expect.any(Number),
        delayMs: 0,
        bootMs: expect.any(Number),
        connectMs: expect.any(Number),
        firstByteMs: expect.any(Number),
        bodyMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    });
    expect(await app.stop('SIGINT')).toMatchObject({ status: 0, signal: null });
  });

  test('holds a request until the dyno listens', async () => {
    const dir = makeFolder({ 'web.js': `setTimeout(() => {${WEB}}, 500)`, Procfile: 'web: node web.js\n' });
    const app = start(dir);
    const { router } = await app.ready();
    expect(await get(router)).toContain('web.1');
    await app.printed(/State changed from starting to up[\s\S]*status=200/);
  });

  test('spreads requests over all web dynos', async () => {
    const dir = makeFolder({ 'web.js': WEB, Procfile: 'web: node web.js\n' });
    const app = start(dir, ['--formation', 'web=3']);
    const { router } = await app.ready();
    await app.printed(/(?:listening[\s\S]*){3}/);
    const seen = new Set<string>();
    while (seen.size < 3) seen.add((await get(router)).split(' ')[0] ?? '');
    expect([...seen].sort()).toEqual(['web.1', 'web.2', 'web.3']);
  });

  test('starts only the types that are named', async () => {
    const dir = makeFolder({ Procfile: 'web: exec sleep 1000\nworker: exec sleep 1000\n' });
    const app = start(dir, ['worker']);
    await app.printed(/Scaled to web@0:Eco worker@1:Eco by user you@example.com/);
    const { router } = await app.ready();
    expect((await fetch(router)).status).toBe(503);
    await app.printed(/code=H14/);
  });

  test('a crash is started again once, then waits, and a saved Procfile tries again', async () => {
    const dir = makeFolder({ Procfile: 'worker: exit 3\n' });
    const app = start(dir);
    await app.printed(/crashed 2 times in a row: restarts in 20m/);
    writeFileSync(join(dir, 'Procfile'), 'worker: echo better; exec sleep 1000\n');
    await app.printed(/"line":"better"/);
    await app.printed(/Release v2 created/);
  });

  test('an edited env file makes a release and restarts the dynos; a broken edit changes nothing', async () => {
    const dir = makeFolder({ Procfile: 'worker: echo "X is $X"; exec sleep 1000\n', '.env': 'X=1\n' });
    const app = start(dir);
    await app.printed(/X is 1/);
    writeFileSync(join(dir, '.env'), 'X=2\n');
    await app.printed(/Set X config vars by user/);
    await app.printed(/X is 2/);
    writeFileSync(join(dir, 'Procfile'), '# nothing\n');
    await app.printed(/keeping v2; the change was rejected: .*Procfile/);
    expect(app.stdout).not.toContain('Release v3');
  });

  test('a type that appears in the Procfile starts at 0, one that disappears is stopped', async () => {
    const dir = makeFolder({ Procfile: 'one: exec sleep 1000\ntwo: exec sleep 1000\n' });
    const app = start(dir);
    await app.printed(/"two.1","line":"State changed from starting to up/);
    writeFileSync(join(dir, 'Procfile'), 'one: exec sleep 1000\nclock: exec sleep 1000\n');
    await app.printed(/ps:scale clock=1/);
    await app.printed(/"two.1","line":"State changed from up to down/);
    await app.printed(/"one.1","line":"Restarting/);
  });

  test('--exit-on-crash ends everything with the status of the dyno that crashed', async () => {
    const dir = makeFolder({
      Procfile: 'ok: touch begun; exec sleep 1000\nbad: until [ -e begun ]; do read -t 0.01; done; exit 7\n',
    });
    const app = start(dir, ['--exit-on-crash']);
    expect(await app.finished).toMatchObject({ status: 7 });
    expect(app.stdout).toContain('Process exited with status 143');
  });

  test('--exit-on-crash returns 128 + the number of a signal', async () => {
    const dir = makeFolder({ Procfile: 'bad: kill -KILL $$\n' });
    expect(await start(dir, ['--exit-on-crash']).finished).toMatchObject({ status: 137 });
  });

  test('--fail-on: errors that it names make the run fail, those at the end, too', async () => {
    const dir = makeFolder({
      Procfile: 'web: true\nworker: trap "" TERM; echo ready; sleep 1000 & until wait; do :; done\n',
    });
    const flags = ['-m', 'web=0', '--shutdown-timeout', '100ms', '--fail-on', 'r12,H14', '--fail-on', 'H12'];
    const app = start(dir, flags);
    const { router } = await app.ready();
    await app.printed(/"line":"ready"/);
    await fetch(router);
    await fetch(router);
    const { status, stderr } = await app.stop();
    expect(status).toBe(1);
    expect(stderr).toMatch(/\ndynosim: failed, as --fail-on asks, because of H14 \(2 times\) and R12\n$/);
  });

  test('--fail-on does not change how a run without such errors ends', async () => {
    const dir = makeFolder({ Procfile: 'worker: echo ready; exec sleep 1000\n' });
    const app = start(dir, ['--fail-on', 'R12']);
    const { router } = await app.ready();
    await app.printed(/"line":"ready"/);
    await fetch(router);
    const { status, stderr } = await app.stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('fail') });
  });

  test('flags of .dynosimrc count, and the command line wins', async () => {
    const dir = makeFolder({
      Procfile: 'one: exec sleep 1000\ntwo: exec sleep 1000\n',
      '.dynosimrc': '# always\n--formation "one=2,two=0"\n--app from-rc\n',
    });
    const app = start(dir, ['--app', 'from-line']);
    expect((await app.ready()).app).toBe('from-line');
    await app.printed(/Scaled to one@2:Eco two@0:Eco/);
  });

  test('several --env are one with commas', async () => {
    const dir = makeFolder({
      Procfile: 'job: echo "$A $B"; exec sleep 1000\n',
      'a.env': 'A=1\n',
      'b.env': 'B=2\n',
    });
    await start(dir, ['-e', 'a.env', '-e', 'b.env']).printed(/"line":"1 2"/);
  });

  test.each([
    ['127.0.0.5', 'http://127.0.0.5'],
    ['[::1]', 'http://[::1]'],
    ['0.0.0.0', 'http://127.0.0.1'],
  ])('--host %s: prints its address', async (address, url) => {
    const app = start(makeFolder({ 'web.js': WEB, Procfile: 'web: node web.js\n' }), ['--host', address]);
    const { router } = await app.ready();
    expect(router.replace(/:\d+$/, '')).toBe(url);
    expect(await get(router)).toContain('web.1');
    expect(app.stderr).toContain(`is at ${router.replace('http://127.0.0.1:', 'http://localhost:')}\n`);
  });

  test('if the log cannot be written, it ends with status 1 and the reason', async () => {
    const dir = makeFolder({ Procfile: 'web: exec sleep 1000\n' });
    const { status, stderr } = await inShell('"$@" > /dev/full', ['start', '-d', dir, '-p', '0']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dynosim: The log cannot be written: .*no space left/m);
  });

  test('a folder name may be as long as names can be', async () => {
    const dir = join(makeFolder(), '語'.repeat(84));
    mkdirSync(dir);
    writeFileSync(join(dir, 'Procfile'), 'web: exec sleep 1000\n');
    expect((await start(dir).ready()).app).toBe('app');
  });

  test('in a deleted folder, fails with a clear error', async () => {
    const gone = makeFolder();
    const { status, stderr } = await inShell('cd "$0" && rmdir "$0" && exec "$@"', ['start'], gone);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dynosim: The folder you are in is no longer there\. .*\n$/);
  });

  test('without a Procfile, runs the start script of package.json, and says so', async () => {
    const dir = makeFolder({ 'web.js': WEB, 'package.json': '{"scripts":{"start":"node web.js"}}' });
    const app = start(dir);
    const { router } = await app.ready();
    expect(await get(router)).toContain('web.1');
    expect(app.stderr).toContain('web: npm start');
  });

  test('sources .profile.d and .profile before the command', async () => {
    const dir = makeFolder({
      '.profile.d/one.sh': 'export X="one $X"\n',
      '.profile': 'export X="two $X"\n',
      Procfile: 'worker: echo "X is $X"; exec sleep 1000\n',
      '.env': 'X=zero\n',
    });
    await start(dir).printed(/X is two one zero/);
  });
});

describe('what start prints', () => {
  test('on stderr first: the address, the processes and how to stop', async () => {
    const dir = makeFolder({ Procfile: 'web: exec sleep 1000\nworker: exec sleep 1000\n' });
    const app = start(dir, ['--app', 'my-app']);
    const { router } = await app.ready();
    const { stderr } = await app.stop();
    expect(stderr).toContain(`my-app is at ${router.replace('127.0.0.1', 'localhost')}\n`);
    expect(stderr).toMatch(/^ {2}web +exec sleep 1000\n {2}worker +exec sleep 1000\n/m);
  });

  test('in the format of heroku logs if stdout is not a terminal', async () => {
    const dir = makeFolder({ Procfile: 'worker: echo hello; exec sleep 1000\n' });
    const app = dynosim(['start', '-d', dir, '-p', '0']);
    await app.printed(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 app\[worker\.1\]: hello$/m);
  });

  test('the last line of a dyno comes even without a line end', async () => {
    const dir = makeFolder({ Procfile: 'worker: printf "no end"\n' });
    const app = start(dir, ['--exit-on-crash']);
    expect((await app.finished).stdout).toContain('"line":"no end"}');
  });
});

describe('a mistake is one clear line', () => {
  const holdPort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  };

  test('for a given port that is taken, it names the program that uses it', async () => {
    const dir = makeFolder({ Procfile: 'web: exec sleep 1000\n' });
    const port = await holdPort();
    const { status, stderr } = await run(['start', '-d', dir, '-p', String(port)]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^dynosim: Port ${port} is taken by .*\\(pid ${process.pid}\\)\\. .*--port.*\n$`),
    );
  });

  test('for a default port that is taken, it uses the next one, and says so', async () => {
    const port = await holdPort();
    const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n', '.env': `PORT=${port}\n` });
    const app = dynosim(['start', '-d', dir, '--log-format', 'json']);
    const { router } = await app.ready();
    expect(Number(new URL(router).port)).toBeGreaterThan(port);
    expect(app.stderr).toContain(`Port ${port} is taken`);
  });

  test('a second start in the same folder names the running app', async () => {
    const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n' });
    const first = start(dir, ['--app', 'first']);
    const { router } = await first.ready();
    const { status, stderr, stdout } = await start(dir).finished;
    expect(status).toBe(1);
    expect(stderr).toContain(`first already runs from ${dir} (pid ${first.pid}, ${router})`);
    expect(stdout).toBe('');
    const { stderr: withItsPort } = await start(dir, ['--port', new URL(router).port]).finished;
    expect(withItsPort, 'its port is not what is in the way').toContain('first already runs from');
    await first.stop();
    await start(dir).ready();
  });

  test('the remains of a killed dynosim do not keep the next one from starting', async () => {
    const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n' });
    const first = start(dir);
    const { runtime } = await first.ready();
    await first.stop('SIGKILL');
    expect(readFileSync(runtime, 'utf8')).toContain(String(first.pid));
    await start(dir).ready();
  });

  test.each([
    [['start', '--no-such-flag'], 2, /unknown option '--no-such-flag'/],
    [['strat'], 2, /unknown command 'strat'[\s\S]*Did you mean start/],
    [['start', '--speed', 'fast'], 1, /^dynosim: --speed: "fast" is not a factor\. /],
    [['start', '--boot-timeout', '60'], 1, /^dynosim: --boot-timeout: "60" is not a duration\. .*30s/],
    [['start', '--app', 'My App'], 1, /^dynosim: "My App" is not a name for an app\. /],
    [['start', '--port', '99999'], 1, /^dynosim: --port is not a port: "99999"\. /],
    [
      ['start', '--log-format', 'xml'],
      1,
      /^dynosim: option '--log-format <format>' argument 'xml' is invalid. Allowed choices are pretty, heroku, json. /,
    ],
    [['start', '--env', 'nope.env'], 1, /^dynosim: .*nope\.env/],
    [['start', '--formation', 'web=x'], 1, /^dynosim: "web=x" is not "type=number"\. /],
    [['start', '--size', 'huge'], 1, /^dynosim: "huge" is not a dyno size\. /],
    [
      ['start', '--fail-on', 'R12,R99'],
      1,
      /^dynosim: --fail-on: dynosim never logs `R99`\. The codes are H10, H11, .*, R16\.\n$/,
    ],
    [['start', '--watch-only', 'web:'], 1, /^dynosim: --watch-only: "web:" names no files\. .*web:src/],
    [['start', 'wep'], 1, /^dynosim: .*wep.*Did you mean web/],
    [
      ['start', '--host', '192.0.2.77', '--port', '0'],
      1,
      /^dynosim: This machine has no address 192\.0\.2\.77\. /,
    ],
    [['start', '--dir', 'Procfile'], 1, /^dynosim: \S+\/Procfile is not a folder\. /],
  ])('%j', async (args, status, message) => {
    const cwd = makeFolder({ Procfile: 'web: exec sleep 1000\n' });
    const finished = await run(args, { cwd });
    expect(finished.stderr).toMatch(message);
    expect(finished).toMatchObject({ status, stdout: '' });
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    ['no Procfile in an empty folder', {}, /There is no Procfile in .*web: node server\.js/],
    ['no Procfile beside a manage.py', { 'manage.py': '' }, /There is no Procfile/],
    ['an empty Procfile', { Procfile: '' }, /Procfile.*empty/],
    ['a folder named Procfile', { 'Procfile/x': '' }, /Procfile/],
    [
      'a bad flag in .dynosimrc',
      { Procfile: 'web: x', '.dynosimrc': '\n--nope\n' },
      /\.dynosimrc line 2: .*--nope/,
    ],
    [
      'a slip in .dynosimrc',
      { Procfile: 'web: x', '.dynosimrc': '--prot 3000\n' },
      /^dynosim: \.dynosimrc line 1: "--prot" is not a flag\. Did you mean --port\?$/m,
    ],
    [
      'two flags on one line of .dynosimrc',
      { Procfile: 'web: x', '.dynosimrc': '--port 3000 --size basic\n' },
      /\.dynosimrc line 1: one flag per line/,
    ],
    [
      'a value in .dynosimrc that its flag cannot take',
      { Procfile: 'web: x', '.dynosimrc': '--port 3000\n--sleep-after 5m # c\n' },
      /^dynosim: \.dynosimrc line 2: --sleep-after: "5m # c" is not a duration\. Write for example 500ms/,
    ],
    [
      'a formation in .dynosimrc that is none',
      { Procfile: 'web: x', '.dynosimrc': '--formation web:2\n' },
      /^dynosim: \.dynosimrc line 1: "web:2" is not "type=number"\. /,
    ],
    [
      'a size in .dynosimrc that there is not',
      { Procfile: 'web: x', '.dynosimrc': '--size web=huge\n' },
      /^dynosim: \.dynosimrc line 1: "huge" is not a dyno size\. /,
    ],
  ])('%s', async (_name, files, message) => {
    const cwd = makeFolder(files as Record<string, string>);
    const finished = await run(['start'], { cwd });
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr.trim().split('\n')).toHaveLength(1);
    expect(finished).toMatchObject({ status: 1, stdout: '' });
  });

  test('after the cause, if a Procfile has nothing to run', async () => {
    const cwd = makeFolder({ Procfile: 'web node server.js\n' });
    const finished = await run(['start'], { cwd });
    expect(finished).toMatchObject({ status: 1, stdout: '' });
    expect(finished.stderr).toMatch(
      /^Procfile:1:1: warning: Not run: no colon .*`web: node server\.js`.*\ndynosim: .*No line of this file.*\n$/,
    );
  });
});

test('the control API has the same port at every start of an app', async () => {
  const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n' });
  const first = start(dir);
  const { api } = await first.ready();
  await first.stop();
  expect((await start(dir).ready()).api).toBe(api);
});

describe('--watch', () => {
  test.each([
    ['--watch', ['--watch'], 'notes.txt'],
    ['--watch-only, with no need for --watch', ['--watch-only', '*.css', '--watch-only', 'web.js'], 'web.js'],
  ])('%s: a change restarts the dynos', async (_what, flags, changed) => {
    const dir = makeFolder({ 'web.js': WEB, 'notes.txt': '', Procfile: 'web: exec node web.js\n' });
    const app = start(dir, flags);
    await app.printed(/State changed from starting to up/);
    await app.printed(/"listening"/);
    await app.printed(/watching: dynos restart when sources change/);
    for (const name of ['notes.txt', 'web.js'])
      if (name === changed || flags.length > 1) writeFileSync(join(dir, name), WEB);
    await app.printed(new RegExp(`"dynosim","dyno":"api","line":"${changed} changed: restarting"`));
    await app.printed(/(?:"listening"[\s\S]*){2}/);
  });
});

test('a save under --watch is one line, also where the log is no terminal, unless --verbose', async () => {
  for (const flags of [[], ['--verbose']]) {
    const dir = makeFolder({ 'web.js': WEB, Procfile: 'web: exec node web.js\n' });
    const app = dynosim(['start', '--dir', dir, '--port', '0', '--watch', ...flags]);
    await app.printed(/State changed from starting to up/);
    await app.printed(/watching: dynos restart when sources change/);
    writeFileSync(join(dir, 'web.js'), WEB);
    const [log] = await app.printed(/watching: [\s\S]*web\.js changed: restarted web\.1 in \d+\.\ds\n/);
    const lines = log.match(/ (?:heroku|dynosim)\[.*/g);
    if (flags.length > 0)
      expect(lines).toContainEqual(expect.stringMatching(/heroku\[web\.1\]: Restarting$/));
    else expect(lines).toHaveLength(1);
  }
});

describe('where no dyno can run', () => {
  test.each([
    [
      'Windows',
      { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(PRETEND_WINDOWS)}` },
      /WSL/,
    ],
    ['a machine without bash', { PATH: '/nowhere' }, /bash/],
    ['nothing can be kept', { XDG_STATE_HOME: '/dev/null/state' }, /\/dev\/null\/state.*Set XDG_STATE_HOME/],
  ])('%s: one line explains it', async (_where, env, what) => {
    const dir = makeFolder({ Procfile: 'web: node web.js\n' });
    const { status, stdout, stderr } = await run(['start', '-d', dir, '-p', '0'], { env });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^dynosim: [^\n]+\n$/);
    expect(stderr).toMatch(what);
  });
});

describe('--release-phase', () => {
  test('a release command that fails at the start ends dynosim with status 1', async () => {
    const dir = makeFolder({ Procfile: 'release: echo no; exit 3\nweb: exec sleep 1000\n' });
    const app = start(dir, ['--release-phase']);
    const { status, stdout, stderr } = await app.finished;
    expect(status).toBe(1);
    expect(stdout).toMatch(/Release v1 command failed/);
    expect(stdout).not.toMatch(/web\.1/);
    expect(stderr).toMatch(/^dynosim: The release command failed, so nothing was started/m);
  });

  test('Ctrl-C need not wait for it', async () => {
    const dir = makeFolder({ Procfile: 'release: echo begun; exec sleep 1000\nweb: exec sleep 1000\n' });
    const app = start(dir, ['--release-phase']);
    await app.printed(/"begun"/);
    expect(await app.stop('SIGINT')).toMatchObject({ status: 0 });
  });
});

test('--strict refuses at once what the size forbids', async () => {
  const dir = makeFolder({ Procfile: 'web: exec sleep 1000\n' });
  const args = ['start', '-d', dir, '-p', '0', '-m', 'web=2'];
  expect(await run([...args, '--strict'])).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^dynosim: Cannot update to more than 1 Eco size dynos per process type\.\n$/,
    ),
  });
});

test('without --strict a size that was asked for gets a remark', async () => {
  const dir = makeFolder({ Procfile: 'web: exec sleep 1000\n' });
  const app = start(dir, ['-m', 'web=2', '--size', 'basic']);
  await app.printed(/Heroku would say: Cannot update to more than 1 Basic size dynos per process type\./);
});
