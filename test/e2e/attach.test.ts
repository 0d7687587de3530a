import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, type Dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { commandLine, processesWith } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';

const ESCAPE = String.fromCharCode(27);

/** Asks for names; says when it gets SIGINT, and ends at "bye". */
const GREETER = `trap 'echo got INT' INT
echo ready
until [ "$name" = bye ]; do printf 'name? '; read -r name && echo "hello $name $([ "$name" = size ] && stty size)"; done
exit 3
`;
const FILES = { Procfile: 'greeter: bash greeter.sh\n', 'greeter.sh': GREETER };

/** Starts an app with a greeter. */
async function startGreeter(...args: readonly string[]): Promise<{ dir: string; app: Dynosim }> {
  const dir = makeFolder(FILES);
  const app = start(dir, ['-a', 'demo', ...args]);
  await app.printed(/"line":"name\? "/);
  return { dir, app };
}

/** Says whether the terminal is as it was before, once it is. */
const ATTACH =
  'tty; before=$(stty -g); dynosim ps:attach greeter.1 --dir DIR; echo status $?; while [ "$before" != "$(stty -g)" ]; do :; done; echo same';

function attach(dir: string) {
  return openTerminal(ATTACH.replace('dynosim', `${process.execPath} ${BIN}`).replace('DIR', dir), dir, {
    TERM: 'xterm',
  });
}

describe.runIf(process.platform === 'linux')('ps:attach, at a terminal', () => {
  test('two see what a dyno prints and type; Ctrl-C goes to the dyno; Ctrl-] and ~. detach; the log goes on', async () => {
    const { dir, app } = await startGreeter();
    const [one, other] = [attach(dir), attach(dir)];
    for (const terminal of [one, other])
      await terminal.shows(
        /Attaching to greeter\.1 on ⬢ demo\.\.\. done\r\nCtrl-\] or ~\. detaches.*\r\nname\? /,
      );
    one.type('Ann\n');
    for (const terminal of [one, other]) await terminal.shows(/hello Ann \r\nname\? /);
    other.type('Bob\n');
    for (const terminal of [one, other]) await terminal.shows(/hello Bob \r\nname\? /);
    one.type('\x03');
    for (const terminal of [one, other]) await terminal.shows(/got INT/);
    one.type('dropped\x1d');
    await one.shows(/Detached from greeter\.1, which goes on\.\r\nstatus 0\r\nsame/);
    other.type('Cid\n~.\n');
    await other.shows(/Detached from greeter\.1, which goes on\.\r\nstatus 0\r\nsame/);
    await app.printed(/hello Cid/);
    expect(app.stdout).toMatch(/hello Ann[\s\S]*hello Bob[\s\S]*got INT[\s\S]*hello Cid/);
    expect(app.stdout).not.toMatch(/dropped|exited/);
  });

  test.each([
    ['when the dyno ends', 'bye\n', undefined, /greeter\.1 has ended with status 3\.\r\nstatus 3\r\nsame/],
    ['when the input ends', '\x04', undefined, /Detached from greeter\.1.*\r\nstatus 0\r\nsame/],
    ['when the client is told to end', '', 'SIGTERM', /status 143\r\nsame/],
    ['when the client is killed', '', 'SIGKILL', /status 137\r\nsame/],
  ] as const)('leaves the terminal as it was %s', async (_when, keys, signal, shown) => {
    const { dir } = await startGreeter();
    const terminal = attach(dir);
    await terminal.shows(/name\? /);
    if (signal) for (const pid of clientsOf(dir)) process.kill(pid, signal);
    else terminal.type(keys);
    await terminal.shows(shown);
    expect(await terminal.finished).toBe(0);
  });

  test('leaves the terminal as it was when dynosim is gone', async () => {
    const { dir, app } = await startGreeter();
    const terminal = attach(dir);
    await terminal.shows(/name\? /);
    app.process.kill('SIGKILL');
    await terminal.shows(
      /gone, and greeter\.1 with it\. Start it with\r\n {2}"dynosim start"\.\r\nstatus 1\r\nsame/,
    );
  });
});

describe.runIf(process.platform === 'linux')('ps:attach to a dyno with a terminal (start --tty)', () => {
  test('gives it every key and the size of the last terminal, and leaves that as it was', async () => {
    const { dir, app } = await startGreeter('--tty', 'greeter');
    const terminal = attach(dir);
    await terminal.shows(/\r\nname\? /);
    terminal.type('Ann\x7f\x7fl\r');
    await terminal.shows(/hello Al \r\n/);
    terminal.type('\x03');
    await terminal.shows(/\^Cgot INT/);
    const [, tty = ''] = await terminal.shows(/(\/dev\/pts\/\d+)/);
    spawnSync('stty', ['-F', tty, 'cols', '120', 'rows', '40']);
    // The client may read the keys before it hears of the new size.
    for (let size = '', asked = 1; size !== '40 120'; asked += 1) {
      terminal.type('size\r');
      [, size = ''] = await terminal.shows(new RegExp(`(?:hello size (\\d+ \\d+)\\r\\n[^]*){${asked}}`));
    }
    terminal.type('\x1d');
    await terminal.shows(/Detached from greeter\.1, which goes on\.\r\nstatus 0\r\nsame/);
    await app.printed(/"line":"hello size 40 120"/);
  });

  test('leaves the terminal as it was, without the alternate screen, when the dyno ends', async () => {
    const { dir } = await startGreeter('--tty');
    const terminal = attach(dir);
    await terminal.shows(/\r\nname\? /);
    terminal.type('\x1b[?1049h\rbye\r');
    await terminal.shows(new RegExp(`${ESCAPE}\\[\\?1049l[^]*greeter\\.1 has ended with status 3[^]*same`));
  });

  test('leaves the terminal as it was when the client is killed', async () => {
    const { dir } = await startGreeter('--tty');
    const terminal = attach(dir);
    await terminal.shows(/\r\nname\? /);
    for (const pid of clientsOf(dir)) process.kill(pid, 'SIGKILL');
    await terminal.shows(/status 137\r?\nsame/);
  });

  test('leaves the alternate screen when the client is killed', async () => {
    const { dir } = await startGreeter('--tty');
    const terminal = attach(dir);
    await terminal.shows(/\r\nname\? /);
    terminal.type('\x1b[?1049h\r');
    await terminal.shows(new RegExp(`hello ${ESCAPE}\\[\\?1049h`));
    for (const pid of clientsOf(dir)) process.kill(pid, 'SIGKILL');
    await terminal.shows(new RegExp(`${ESCAPE}\\[\\?1049l`));
  });

  test('is for types that exist', async () => {
    const { status, stderr } = await run(['start', '--tty', 'greter'], { cwd: makeFolder(FILES) });
    expect(stderr).toBe(
      'dynosim: "--tty greter": there is no process type `greter`, only greeter. Did you mean greeter?\n',
    );
    expect(status).toBe(1);
  });
});

describe('ps:attach, with pipes', () => {
  test('passes on stdin, whose end does the dyno no harm, and prints until the dyno ends', async () => {
    const { dir } = await startGreeter();
    const client = spawn(process.execPath, [BIN, 'ps:attach', 'greeter.1'], { cwd: dir, stdio: 'pipe' });
    const ended = once(client, 'close');
    onTestFinished(async () => {
      client.kill('SIGKILL');
      await ended;
    });
    client.stdin.end('Ann\n');
    await once(client.stdout, 'data');
    const printed = text(client.stdout);
    const last = spawn(process.execPath, [BIN, 'connect', 'greeter.1'], { cwd: dir, stdio: 'pipe' });
    last.stdin.end('bye\n');
    expect(await once(last, 'close')).toEqual([3, null]);
    expect(await printed).toMatch(/hello bye \n$/);
    expect(await ended).toEqual([3, null]);
  });

  test.each([
    [['greeter.2'], 'dynosim: There is no dyno greeter.2. See what runs: dynosim ps\n'],
    [[], /^dynosim: missing required argument 'dyno'.*\n$/],
  ])('%j fails with one line', async (args, message) => {
    const dir = makeFolder(FILES);
    await start(dir, ['-a', 'demo']).ready();
    const { status, stderr } = await run(['ps:attach', ...args], { cwd: dir });
    expect(stderr.replace(/^Attaching .*!\n/, '')).toMatch(message);
    expect(status).toBe(1);
  });
});

describe('ps:exec', () => {
  test.runIf(process.platform === 'linux')(
    'gives a shell a terminal, in the environment of the dyno',
    async () => {
      const { dir } = await startGreeter();
      const command = `${process.execPath} ${BIN} ps:exec greeter.1`;
      const terminal = openTerminal(`stty cols 100 rows 40; ${command}`, dir, { TERM: 'xterm' });
      await terminal.shows(/A shell beside greeter\.1, which ends with it\.\r\n/);
      terminal.type('echo "in $PWD: $DYNO, $(stty size)"; exit 4\n');
      await terminal.shows(new RegExp(`in ${dir}: greeter\\.1, 40 100\\r\\n`));
      expect(await terminal.finished).toBe(4);
    },
  );

  test.runIf(process.platform === 'linux')('says that the dyno has ended', async () => {
    const { dir } = await startGreeter();
    const terminal = openTerminal(`${process.execPath} ${BIN} ps:exec greeter.1`, dir, { TERM: 'xterm' });
    terminal.type('echo "at $DYNO"\n');
    await terminal.shows(/at greeter\.1\r\n/);
    expect(await run(['ps:restart', 'greeter'], { cwd: dir })).toMatchObject({ status: 0 });
    await terminal.shows(/\r\ngreeter\.1 has ended, and this command with it\.\r\n/);
    expect(await terminal.finished).toBe(137);
  });

  test('passes on arguments, stdin and the exit status', async () => {
    const { dir } = await startGreeter();
    for (const dashes of [[], ['--']]) {
      const { stdout, stderr, status } = await run(
        ['ps:exec', 'greeter.1', ...dashes, 'sh', '-c', 'echo "$DYNO"; exit 3'],
        { cwd: dir },
      );
      expect([stdout, stderr, status]).toEqual(['greeter.1\n', '', 3]);
    }
    const shell = spawn(process.execPath, [BIN, 'ps:exec', 'greeter.1'], { cwd: dir, stdio: 'pipe' });
    shell.stdin.end('ls\n');
    expect(await text(shell.stdout)).toBe('Procfile\ngreeter.sh\n');
  });
});

/** The clients of a folder's app, without the shells around them. */
function clientsOf(dir: string): readonly number[] {
  const isClient = (line: string) => line.startsWith(process.execPath) && line.includes('ps:attach');
  return processesWith(dir).filter((pid) => isClient(commandLine(pid)));
}
