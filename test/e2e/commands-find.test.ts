import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { processesWith, uniqueNap } from '../helpers/processes.js';
import { BIN, done, expectEach, failed, startApp, tokenFile } from './commands-world.js';

const FILES = { Procfile: 'worker: exec sleep 1000\n', 'sub/folder/file': '' };
const SCALE = done('worker=1:Eco\n');
const HINT = 'Start it with "dynosim start", or name its folder with --dir.';

describe('a running app is found', () => {
  test('from its folder, from one below, by --dir and by --app', async () => {
    const { dir } = await startApp(FILES);
    const below = join(dir, 'sub/folder');
    await expectEach(
      (cwd = '', ...args) => run(['ps:scale', ...args], { cwd }),
      [
        [[below], SCALE],
        [['/', '--dir', dir], SCALE],
        [[dir, '-d', 'sub'], SCALE],
        [['/', '-a', 'my-app'], SCALE],
        [['/', '-a', 'my-app', '-d', dir], SCALE],
      ],
    );
    expect(await run(['ps:scale', '-a', 'other', '-d', dir])).toMatchObject(
      failed(`No app named other runs from ${dir}. Running: my-app (${dir}). Name one with -a or --dir.`),
    );
    expect(await run(['ps'], { cwd: '/' })).toMatchObject(
      failed(`No app runs from /. Running: my-app (${dir}). Name one with -a or --dir.`),
    );
  });

  test('by any link to its folder, and nothing else runs there meanwhile', async () => {
    const { dir } = await startApp(FILES);
    const links = makeFolder();
    symlinkSync(dir, join(links, 'link'));
    await expectEach(
      (cwd = '', ...args) => run(['ps:scale', ...args], { cwd }),
      [
        [['/', '--dir', join(links, 'link')], SCALE],
        [[join(links, 'link/sub')], SCALE],
      ],
    );
    const second = await start(join(links, 'link')).finished;
    expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining(`already runs from ${dir} `) });
  });

  test('by --dir if two have one name', async () => {
    const dirs = [makeFolder({ Procfile: 'one: exec sleep 1000\n' }), makeFolder(FILES)].sort();
    await Promise.all(dirs.map((dir) => start(dir, ['--app', 'twin']).ready()));
    expect(await run(['ps:scale', '--app', 'twin'])).toMatchObject(
      failed(`twin runs from ${dirs.join(' and ')}. Choose one with --dir instead of --app.`),
    );
    expect(await run(['config', '--app', 'twin'])).toMatchObject({ status: 1, stdout: '' });
    const both = await Promise.all(dirs.map((dir) => run(['ps:scale', '--app', 'twin', '--dir', dir])));
    expect(both.map(({ stdout }) => stdout).sort()).toEqual(['one=1:Eco\n', 'worker=1:Eco\n']);
  });

  test('info prints its address', async () => {
    const { dir, app, type, ready } = await startApp(FILES);
    const [url = 'none'] = /http:\/\/localhost:\d+/.exec(app.stderr) ?? [];
    expect(await type('info')).toMatchObject(
      done(
        new RegExp(
          `^=== ⬢ my-app\n\nFolder: +${dir}\nWeb URL: +${url}\nDashboard: +${ready.api}/dashboard/\nControl API: +${ready.api}\n` +
            `Process id: +${ready.pid}\nProcess types: worker\nRelease: +v1: Deploy [0-9a-f]{8}\n$`,
        ),
      ),
    );
    expect(JSON.parse((await type('info', '--json')).stdout)).toEqual({
      app: 'my-app',
      dir,
      router: ready.router,
      api: ready.api,
      dashboard: `${ready.api}/dashboard/`,
      pid: ready.pid,
      processTypes: ['worker'],
      release: 1,
    });
    await type('maintenance:on');
    expect((await type('info')).stdout).toMatch(/\nMaintenance: +on\n$/);
  });

  test('info prints the address that the user chose', async () => {
    const { type, ready } = await startApp(FILES, ['--host', '127.0.0.5']);
    expect((await type('info')).stdout).toMatch(new RegExp(`\nWeb URL: +${ready.router}\n`));
  });

  test('open hands its URL to the browser', async () => {
    const { dir, ready } = await startApp(FILES);
    const browser = join(dir, 'browser');
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$*" > ${dir}/draft && mv ${dir}/draft ${dir}/opened\n`);
    chmodSync(browser, 0o755);
    const env = { BROWSER: `${browser} --new-tab %s:other` };
    expect(await run(['open', '/admin?a=1', '-d', dir], { env })).toMatchObject(
      done(`${ready.router}/admin?a=1\n`),
    );
    const opened = () => readFileSync(join(dir, 'opened'), 'utf8');
    await expect.poll(opened).toBe(`--new-tab ${ready.router}/admin?a=1`);
    expect(await run(['open', '//evil.example/', '-d', dir], { env })).toMatchObject(
      failed('//evil.example/ is not a path of the app. Write for example /admin.'),
    );
    expect(await run(['open', '-d', dir], { env: { BROWSER: '/no/browser' } })).toMatchObject({
      status: 1,
      stdout: `${ready.router}/\n`,
      stderr: 'dynosim: /no/browser could not be started. Set BROWSER to a program that can be started.\n',
    });
  });

  test('dashboard opens its page in the browser, or prints a URL that lets one browser in', async () => {
    const { app, dir, type, ready } = await startApp(FILES);
    const page = `${ready.api}/dashboard/`;
    expect(app.stderr).toMatch(new RegExp(`^Dashboard: ${page}, opened by (npx )?dynosim dashboard`, 'm'));
    const url = new RegExp(`^${page}#[a-z2-9]{10}\n$`);
    const open = (BROWSER: string) => run(['dashboard', '-d', dir], { env: { BROWSER } });
    expect(await open('true')).toMatchObject(done('Opened the dashboard in the browser\n'));
    expect(await open('none')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(url),
      stderr: 'There is no browser here. Open this URL in one within 10 minutes; it works once:\n',
    });
    const { stdout } = await type('dashboard', '--url');
    expect(stdout).toMatch(url);
    const body = JSON.stringify({ code: stdout.trim().split('#')[1] });
    expect((await fetch(`${page}session`, { method: 'POST', body })).status).toBe(201);
    const response = await fetch(page);
    expect(await response.text()).toMatch(/^<!doctype html>/);
  });

  test('stop names the dyno that ignored SIGTERM', async () => {
    const { type, app } = await startApp(
      { Procfile: "worker: trap '' TERM; echo ready; while :; do read -t 0.01; done\n" },
      ['--shutdown-timeout', '300ms'],
    );
    await app.printed(/"line":"ready"/);
    const { status, stdout, stderr } = await type('stop');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/^worker\.1: Error R12 \(Exit timeout\) -> At least one process failed to exit/m);
    expect(stderr).toMatch(/^Stopping ⬢ my-app\.\.\. done\n$/m);
  });

  test('stop returns when it is gone, and its dynos with it', async () => {
    const nap = uniqueNap();
    const takesItsTime = `trap 'sleep 0.3; exit 0' TERM; sleep ${nap} & echo ready; while :; do read -t 0.01; done`;
    const { type, app } = await startApp({ Procfile: `worker: ${takesItsTime}\n` });
    await app.printed(/"line":"ready"/);
    expect(processesWith(nap)).not.toEqual([]);
    expect(await type('stop')).toMatchObject(done('', 'Stopping ⬢ my-app... done\n'));
    expect(processesWith(nap)).toEqual([]);
    expect(await app.finished).toMatchObject({ status: 0 });
    expect(await type('stop')).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('no running app', () => {
  /** One of each kind: all find their app in the same way. */
  const COMMANDS = [
    ['ps'],
    ['ps:scale', 'web=1'],
    ['ps:restart'],
    ['ps:wait', '--timeout', '0s'],
    ['logs', '-t'],
    ['releases'],
    ['rollback'],
    ['maintenance:on'],
    ['clock:advance', '1m'],
    ['stop'],
  ];

  test('commands say so, and how to start one', async () => {
    const cwd = makeFolder(FILES);
    const finished = await Promise.all(COMMANDS.map((args) => run(args, { cwd })));
    expect(finished).toMatchObject(COMMANDS.map(() => failed(`No app runs from ${cwd}. ${HINT}`)));
    expect(await run(['ps', '--app', 'nope'], { cwd })).toMatchObject(
      failed(`No app named nope runs. ${HINT}`),
    );
    expect(await run(['ps', '--dir', 'nope'], { cwd })).toMatchObject(
      failed(`There is no folder ${join(cwd, 'nope')}. Name the app's folder with --dir.`),
    );
  });

  test('the remains of a killed dynosim do not count as one', async () => {
    const { dir, type, app, ready } = await startApp(FILES);
    await app.stop('SIGKILL');
    expect(readFileSync(ready.runtime, 'utf8')).toContain('my-app');
    expect(await type('ps')).toMatchObject(failed(`No app runs from ${dir}. ${HINT}`));
    expect(await type('ps', '-a', 'my-app')).toMatchObject(failed(`No app named my-app runs. ${HINT}`));
    writeFileSync(ready.runtime, 'not JSON');
    expect(await type('ps')).toMatchObject(failed(`No app runs from ${dir}. ${HINT}`));
  });

  test('start --new-token replaces the token, which what ran before does not accept', async () => {
    const { type, dir } = await startApp(FILES);
    const token = tokenFile();
    const before = readFileSync(token);
    onTestFinished(() => writeFileSync(token, before));
    // Refused, so the app that runs stays within reach.
    expect((await start(dir, ['--new-token']).finished).stderr).toMatch(
      /^dynosim: my-app already runs from /,
    );
    expect(readFileSync(token)).toEqual(before);
    await start(makeFolder({ Procfile: 'worker: sleep 1000\n' }), ['--new-token']).ready();
    expect(readFileSync(token)).not.toEqual(before);
    const said =
      'The running dynosim was started with another token. ' +
      'Stop it with Ctrl-C where it was started, or with kill and the pid that "dynosim start" names.';
    expect(await type('ps')).toMatchObject(failed(said));
    expect(await type('ps:scale', 'worker=2')).toMatchObject(failed(said));
    // Its folder stays its own.
    expect((await start(dir).finished).stderr).toMatch(/^dynosim: my-app already runs from /);
  });
});

describe('the command line', () => {
  test('what it does not know ends with 2, and what may have been meant', async () => {
    const cwd = makeFolder();
    await expectEach(
      (...args) => run(args, { cwd }),
      [
        [['pss'], failed("unknown command 'pss'. Did you mean ps?", 2)],
        [['ps:scal'], failed("unknown command 'ps:scal'. Did you mean ps:scale?", 2)],
        [['xyzzy'], failed("unknown command 'xyzzy'. See dynosim --help.", 2)],
        [['ps', '--jsno'], failed("unknown option '--jsno'. Did you mean --json?", 2)],
        [['ps', '--xyzzy'], failed("unknown option '--xyzzy'. See dynosim ps --help.", 2)],
        [['--xyzzy'], failed("unknown option '--xyzzy'. See dynosim --help.", 2)],
        [
          ['completion', 'csh'],
          failed(
            "command-argument value 'csh' is invalid for argument 'shell'. " +
              'Allowed choices are bash, zsh, fish. See dynosim completion --help.',
          ),
        ],
        [['ps', '--dir'], failed("option '-d, --dir <dir>' argument missing. See dynosim ps --help.")],
      ],
    );
  });

  test('help goes to stdout, and to stderr if nothing was asked for', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject(done(/^Usage: dynosim <command> \[options\]\n[\s\S]*\n {2}ps:scale /));
    expect(await run([])).toMatchObject({ status: 1, stdout: '', stderr: help.stdout });
    expect(await run(['ps:scale', '--help'])).toMatchObject(
      done(/\n {2}\$ dynosim ps:scale web=2 worker=1\n/),
    );
    expect(await run(['--version'])).toMatchObject(done(/^\d+\.\d+\.\d+\n$/));
  });
});

describe('completion', () => {
  /** Bash's completions for a command line, requested like bash itself. */
  const OFFER = `
    export PATH="$PWD/bin:$PATH"
    source <(dynosim completion bash)
    while IFS= read -r COMP_LINE; do
      COMP_POINT=\${#COMP_LINE} COMPREPLY=()
      _dynosim dynosim 2> /dev/null
      echo "$COMP_LINE -> \${COMPREPLY[*]}"
    done`;

  test('in bash offers commands, flags, and what runs', async () => {
    const { dir } = await startApp({ Procfile: 'web: exec sleep 1000\nworker: exec sleep 1000\n' }, [
      '-m',
      'web=0,worker=2',
    ]);
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin', 'dynosim'), `#!/bin/sh\nexec ${BIN} "$@"\n`, { mode: 0o755 });
    const offers = [
      'dynosim ps:sc -> scale',
      'dynosim comp -> completion',
      'dynosim ps --j -> --json',
      'dynosim --v -> --version',
      'dynosim ps w -> web worker',
      'dynosim ps:restart wor -> worker worker.1 worker.2',
      'dynosim ps:scale w -> web= worker=',
      'dynosim ps:type web=b -> basic',
      'dynosim logs -d r -> router',
      'dynosim logs -d worker. -> worker.1 worker.2',
      'dynosim logs -s  -> app heroku',
      'dynosim logs --source=h -> heroku',
      'dynosim start w -> web worker',
      'dynosim rollback  -> v1',
      'dynosim ps -a my -> my-app',
      'dynosim completion f -> fish',
      'dynosim nope  -> ',
    ];
    const asking = promisify(execFile)('bash', ['-c', OFFER], { cwd: dir });
    asking.child.stdin?.end(offers.map((offer) => `${offer.slice(0, offer.indexOf(' ->'))}\n`).join(''));
    expect((await asking).stdout).toBe(offers.map((offer) => `${offer}\n`).join(''));
  });

  test.each([
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ])('the script for %s is one', async (shell, flags) => {
    const { stdout, status } = await run(['completion', shell]);
    expect(status).toBe(0);
    const file = join(makeFolder({ script: stdout }), 'script');
    const checked = await promisify(execFile)(shell, [...flags, file]).catch((error) => error);
    if (checked.code !== 'ENOENT') expect(checked).toEqual({ stdout: '', stderr: '' });
  });
});
