import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../../src/api/client/discovery.js';
import { dynosim, type Finished, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { NO_REDIS, REDIS } from '../helpers/redis.js';
import { BIN } from './commands-world.js';

/** Answers with its name and a config var. */
const WEB = `
  require('node:http')
    .createServer((req, res) => res.end(process.env.DYNO + ' ' + process.env.GREETING))
    .listen(process.env.PORT);`;

const APP = { 'web.js': WEB, Procfile: 'web: exec node web.js\n', '.env': 'GREETING=hello\n' };

/** Nothing that takes time to start. */
const WORKER = { Procfile: 'worker: echo ready; exec sleep 1000\n' };

/** For a script: until the app has said `ready`. It may be up before its first line has run. */
const UNTIL_READY = 'until D logs | grep -q ready; do :; done';

/** Runs `dynosim test` on the app of these files with a script for a shell, in which `$D` is dynosim. */
function testWith(
  files: Readonly<Record<string, string>>,
  script: string,
  ...flags: readonly string[]
): Promise<Finished> {
  return run(commandLine(makeFolder(files), script, flags));
}

function commandLine(dir: string, script: string, flags: readonly string[] = []): readonly string[] {
  return ['test', '--dir', dir, ...flags, '--', 'bash', '-c', `D() { ${BIN} "$@"; }; ${script}`];
}

describe('dynosim test', () => {
  test('runs the command when every dyno is up, and passes its output and status on', async () => {
    const script =
      'curl -s $DYNOSIM_URL; echo " $GREETING $BASE_URL $DYNOSIM_HTTPS_URL"; echo oops >&2; exit 3';
    const { status, stdout, stderr } = await testWith(APP, script, '-m', 'web=2');
    expect(status).toBe(3);
    expect(stdout).toMatch(/^web\.\d hello {2}http:\/\/(127\.0\.0\.1:\d+) https:\/\/\1\n$/);
    // Then the app's log, because the command has failed.
    expect(stderr).toMatch(/^oops\ndynosim: the log of \S+:\n\S+ app\[api\]: Deploy/);
    expect(stderr).toMatch(
      /web\.2\]: State changed from starting to up\n[\s\S]*router\]: at=info method=GET path="\/"/,
    );
    expect(stderr).toMatch(/web\.1\]: Process exited with status 143/);
  });

  test('commands of dynosim in it reach its app, beside a start and another test of the same folder', async () => {
    const dir = makeFolder({ ...APP, '.dynosimrc': '--app shop\n' });
    const beside = start(dir);
    const { router } = await beside.ready();
    await beside.printed(/web\.1","line":"State changed from starting to up/);
    const inside = `
      D ps:scale web=$N && D ps:wait && D config:set GREETING=test-$N && D ps:wait && curl -s $DYNOSIM_URL
      echo; D ps --json | grep -c '"name": "web'
      D clock:advance 31m && D ps -a shop && (cd / && D ps --dir ${dir} --json) | grep -o '"state": "[a-z]*"' | uniq
      D stop || echo refused`;
    const runs = [2, 3].map(async (n) => {
      const { status, stdout, stderr } = await run(commandLine(dir, `N=${n}; ${inside}`));
      expect(status, stderr).toBe(0);
      expect(stdout).toMatch(new RegExp(`^web\\.\\d test-${n}\n${n}\n`, 'm'));
      expect(stdout).toContain('"state": "idle"\nrefused\n');
      expect(stderr).toContain('dynosim: The app runs for "dynosim test", which stops it');
    });
    await Promise.all(runs);
    expect(await (await fetch(router)).text()).toBe('web.1 hello');
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('GREETING=hello\n');
    expect((await beside.stop()).stdout).not.toMatch(/Release v2|Scaled to web@[23]/);
  });

  test('a command that names another app reaches that one; after the test there is none', async () => {
    const [dir, other] = [makeFolder(WORKER), makeFolder(WORKER)];
    const app = start(other, ['--app', 'other']);
    await app.ready();
    const script = `D info -a other --json; D info --dir ${other} --json; D env | grep HEROKU_APP; env >${dir}/env`;
    const { status, stdout } = await run(commandLine(dir, script, ['--app', 'tested']));
    expect(status).toBe(0);
    expect(stdout.match(/"app": "other"/g)).toHaveLength(2);
    expect(stdout).toContain('HEROKU_APP=tested');
    const [, DYNOSIM_TEST_APP = ''] =
      /^DYNOSIM_TEST_APP=(.*)$/m.exec(readFileSync(join(dir, 'env'), 'utf8')) ?? [];
    expect(await run(['ps'], { env: { DYNOSIM_TEST_APP } })).toMatchObject({
      status: 1,
      stderr:
        'dynosim: The "dynosim test" of tested has ended. ' +
        'Run it inside of the command, or unset DYNOSIM_TEST_APP.\n',
    });
  });

  test.skipIf(!REDIS)(
    `has add-ons of its own, like those of the folder, without data (${NO_REDIS})`,
    async () => {
      const dir = makeFolder(WORKER);
      const beside = start(dir);
      await beside.ready();
      const type = (...args: readonly string[]) => run(args, { cwd: dir });
      expect(await type('addons:create', 'heroku-redis:mini', '--wait')).toMatchObject({ status: 0 });
      const theirs = (await type('config:get', 'REDIS_URL')).stdout;
      const script = 'D config:get REDIS_URL; D addons --json';
      const { status, stdout } = await run(commandLine(dir, script));
      expect({ status, stdout }).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^rediss:.*"heroku-redis:mini"/s),
      });
      expect(stdout).not.toContain(theirs);
      expect((await type('config:get', 'REDIS_URL')).stdout).toBe(theirs);
      expect(readdirSync(join(process.env.XDG_DATA_HOME ?? '', 'dynosim/addons'))).toHaveLength(1);
    },
  );

  test('a port in .dynosimrc is for start; BASE_URL stays if it is set', async () => {
    const dir = makeFolder({ ...WORKER, '.dynosimrc': '--port 1\n' });
    const args = commandLine(dir, `${UNTIL_READY}; echo $BASE_URL`, ['--logs', 'always']);
    const { status, stdout, stderr } = await run(args, { env: { BASE_URL: 'http://mine' } });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'http://mine\n' });
    expect(stderr).toMatch(/worker\.1\]: ready/);
  });

  test('says nothing itself if all goes well', async () => {
    expect(await testWith(WORKER, 'cat')).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  });

  test('a signal that ends the command is 128 + n', async () => {
    const { status, stderr } = await testWith(WORKER, 'kill -9 $$', '--logs', 'never');
    expect({ status, stderr }).toEqual({ status: 137, stderr: '' });
  });
});

describe('what goes wrong', () => {
  test.each([
    ['a dyno crashes', { Procfile: 'web: echo broken; exit 7\n' }, [], 'web.1 exited with status 7'],
    [
      'web does not listen',
      { Procfile: 'web: echo broken; exec sleep 1000\n' },
      ['--boot-timeout', '3s'],
      'web.1 exited with status 137',
    ],
    [
      'the release command fails',
      { Procfile: 'release: echo broken; exit 1\nworker: exec sleep 1000\n' },
      ['--release-phase'],
      'The release command failed, so nothing was started',
    ],
  ])('if %s, the command never runs', async (_what, files, flags, reason) => {
    const { status, stdout, stderr } = await testWith(files, 'echo ran', '--app', 'my-app', ...flags);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^dynosim: the log of my-app:\n[\s\S]*: broken\n/);
    expect(stderr).toMatch(new RegExp(`\ndynosim: my-app did not come up: ${reason}\n$`));
  });

  const CRASHES = { Procfile: 'worker: until [ -e go ]; do read -t 0.02 <> <(:); done; exit 7\n' };

  test('a crash while the command runs is noted after it', async () => {
    const script = 'touch $APP/go; until D logs | grep -q "times in a row"; do :; done; echo done';
    const dir = makeFolder(CRASHES);
    const { status, stdout, stderr } = await run(commandLine(dir, script), { env: { APP: dir } });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
    expect(stderr).toBe('dynosim: worker.1 crashed while the command ran: status 7 (2 times)\n');
  });

  test('--exit-on-crash ends the command, and fails', async () => {
    const dir = makeFolder(CRASHES);
    const script = 'trap "echo told" TERM; sh -c "touch $APP/go; exec sleep 1000" & wait; echo $!';
    const { status, stdout, stderr } = await run(commandLine(dir, script, ['--exit-on-crash']), {
      env: { APP: dir },
    });
    expect(status).toBe(7);
    const [, pid] = /^told\n(\d+)\n$/.exec(stdout) ?? [];
    expect(isAlive(Number(pid))).toBe(false);
    expect(stderr).toMatch(
      /worker\.1 crashed while the command ran: status 7\n.* was ended, as --exit-on-crash asks\n$/,
    );
  });

  test('--timeout ends the command and all that it has started, with status 124', async () => {
    const script = 'sleep 1000 & echo $!; sleep 1000; echo never';
    const { status, stdout, stderr } = await testWith(WORKER, script, '--timeout', '3s', '--logs', 'never');
    expect(status).toBe(124);
    expect(stdout).toMatch(/^\d+\n$/);
    expect(isAlive(Number(stdout))).toBe(false);
    expect(stderr).toMatch(/^dynosim: bash -c [\s\S]* was ended: it took longer than --timeout 3s\n$/);
  });

  test('--fail-on fails a test for errors of the app, at its end, too', async () => {
    const app = { Procfile: 'worker: trap "" TERM; echo ready; sleep 1000 & until wait; do :; done\n' };
    const script = `${UNTIL_READY}; curl -s $DYNOSIM_URL`;
    const flags = ['--shutdown-timeout', '100ms', '--fail-on', 'H14,R12,H12', '--logs', 'never'];
    const { status, stderr } = await testWith(app, script, ...flags);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'dynosim: failed, as --fail-on asks, because of H14 and R12\n',
    });
  });

  test('a program that is not there: 127, and nothing starts', async () => {
    const dir = makeFolder({ Procfile: 'worker: touch started; exec sleep 1000\n' });
    expect(await run(['test', '-d', dir, '--', 'no-such-program', '--flag'])).toMatchObject({
      status: 127,
      stdout: '',
      stderr: 'dynosim: There is no program "no-such-program"\n',
    });
    expect(await run(['test', '-d', dir, '--', 'echo a && echo b'])).toMatchObject({
      status: 127,
      stderr: expect.stringContaining("For a line of a shell: dynosim test -- sh -c 'echo a && echo b'"),
    });
    expect(existsSync(join(dir, 'started'))).toBe(false);
  });

  test.each([
    [['test'], 1, /^dynosim: missing required argument 'command'/],
    [['test', '--nope', '--', 'true'], 2, /^dynosim: unknown option '--nope'/],
    [['test', '--timeout', '5', '--', 'true'], 1, /^dynosim: --timeout: "5" is not a duration/],
    [['test', '--logs', 'maybe', '--', 'true'], 1, /^dynosim: .*on-failure, always, never/],
    [['test', '--', 'true'], 1, /^dynosim: There is no Procfile/],
  ])('%j', async (args, status, message) => {
    const finished = await run(args, { cwd: makeFolder() });
    expect(finished).toMatchObject({ status, stdout: '' });
    expect(finished.stderr).toMatch(message);
  });
});

describe('signals', () => {
  test.each([
    ['SIGINT', 'INT'],
    ['SIGTERM', 'TERM'],
  ] as const)('%s goes to the command, then everything stops', async (signal, name) => {
    const dir = makeFolder({ Procfile: 'worker: echo $$ >pid; exec sleep 1000\n' });
    // The child says so: a signal just before it is forked would not reach it, and the shell waits for it.
    const script = `until [ -s ${dir}/pid ]; do :; done; trap 'echo told; exit 5' ${name}; sh -c 'echo begun; exec sleep 1000'`;
    const test = dynosim(commandLine(dir, script, ['--logs', 'never']));
    await test.printed(/begun/);
    expect(await test.stop(signal)).toMatchObject({ status: 5, stdout: 'begun\ntold\n' });
    expect(isAlive(Number(readFileSync(join(dir, 'pid'), 'utf8')))).toBe(false);
  });

  test('before the command, a signal ends the run with 128 + n', async () => {
    const dir = makeFolder({ said: '', Procfile: 'web: echo >>said; exec sleep 1000\n' });
    const test = dynosim(commandLine(dir, 'echo never'));
    while (readFileSync(join(dir, 'said'), 'utf8') === '')
      await new Promise((resolve) => setImmediate(resolve));
    expect(await test.stop('SIGTERM')).toMatchObject({ status: 143, stdout: '' });
  });
});
