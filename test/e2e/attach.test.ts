import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN, type Dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { commandLine, processesWith } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';

/** Asks for names; says when it gets SIGINT, and ends at "bye". */
const GREETER = `trap 'echo got INT' INT
echo ready
until [ "$name" = bye ]; do printf 'name? '; read -r name && echo "hello $name"; done
exit 3
`;
const FILES = { Procfile: 'greeter: bash greeter.sh\n', 'greeter.sh': GREETER };

/** Starts an app with a greeter. */
async function startGreeter(): Promise<{ dir: string; app: Dynosim }> {
  const dir = makeFolder(FILES);
  const app = start(dir, ['-a', 'demo']);
  await app.printed(/"line":"name\? "/);
  return { dir, app };
}

/** Says whether the terminal is as it was before, once it is. */
const ATTACH =
  'before=$(stty -g); dynosim ps:attach greeter.1 --dir DIR; echo status $?; while [ "$before" != "$(stty -g)" ]; do :; done; echo same';

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
    for (const terminal of [one, other]) await terminal.shows(/hello Ann\r\nname\? /);
    other.type('Bob\n');
    for (const terminal of [one, other]) await terminal.shows(/hello Bob\r\nname\? /);
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
    await terminal.shows(/dynosim: The running dynosim is gone.*\r\nstatus 1\r\nsame/);
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
    expect(await printed).toMatch(/hello bye\n$/);
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

  test('passes on arguments, stdin and the exit status', async () => {
    const { dir } = await startGreeter();
    const { stdout, stderr, status } = await run(
      ['ps:exec', 'greeter.1', 'sh', '-c', 'echo "$DYNO"; exit 3'],
      { cwd: dir },
    );
    expect([stdout, stderr, status]).toEqual(['greeter.1\n', '', 3]);
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
