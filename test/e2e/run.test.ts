import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Dynosim, dynosim, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { commandLine, processesWith, uniqueNap, untilGone } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';

const BIN = fileURLToPath(new URL('../../bin/dynosim.js', import.meta.url));
const FILES = { Procfile: 'worker: exec sleep 1000\nhello: echo hello\n', '.env': 'A=1\nB="two words"\n' };
const LINES = Array.from({ length: 20_000 }, (_, index) => `line ${index + 1}\n`).join('');
const PRINT_LINES = 'seq -f "line %.0f" 20000';

/** An app named demo that runs, and its folder. */
async function startDemo(args: readonly string[] = [], env = {}): Promise<{ dir: string; app: Dynosim }> {
  const dir = makeFolder(FILES);
  const app = start(dir, ['-a', 'demo', '-m', 'hello=0', ...args], { env });
  await app.ready();
  return { dir, app };
}

interface Client extends ChildProcessWithoutNullStreams {
  readonly ended: Promise<number | null>;
}

/** Runs a command with something to read. */
function client(dir: string, args: readonly string[]): Client {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: dir, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([status]) => status as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return Object.assign(child, { ended });
}

/** In a terminal, a command line with dynosim in it. */
function atTerminal(dir: string, line: string, env: Readonly<Record<string, string>> = {}) {
  return openTerminal(line.replaceAll('dynosim', `${process.execPath} ${BIN}`), dir, {
    TERM: 'xterm',
    ...env,
  });
}

describe('run, while the app runs', () => {
  test('prints the command’s output and its dyno, and returns its exit status', async () => {
    const { dir } = await startDemo();
    const command = 'echo "$A, $B in $DYNO"; echo oops >&2; exit 3';
    const { stdout, stderr, status } = await run(['run', '-x', command], { cwd: dir });
    const [, dyno] = /^1, two words in (run\.\d{4})\noops\n$/.exec(stdout) ?? [];
    expect(stderr).toBe(`Running ${command} on ⬢ demo... up, ${dyno}\n`);
    expect(status).toBe(3);
  });

  test.each([
    [['echo one; echo $A'], 'one\n1\n'],
    [['echo', 'one;', 'echo', 'two'], 'one\ntwo\n'],
    [['printf', '"%s|"', 'a b', 'c"d', '$A'], '"a b|""c"d|""1|"'],
    [['printf', '%s\\\\n', 'a b', '$B x', "'$A'"], 'a b\ntwo words x\n$A\n'],
    [['hello', 'again'], 'hello again\n'],
    [['echo', '-n', '--version', '-e', '--', 'x'], '--version -e -- x'],
    [['--', 'echo', '-x'], '-x\n'],
    [['-e', 'A=5;C=6=7', 'echo $A $C'], '5 6=7\n'],
  ])('%j prints %j, as with the CLI of Heroku', async (words, expected) => {
    const { dir } = await startDemo();
    expect(await run(['run', ...words], { cwd: dir })).toMatchObject({ stdout: expected, status: 0 });
  });

  test('ignores and reports arguments that are not variables', async () => {
    const { dir } = await startDemo();
    const { stdout, stderr } = await run(['run', '-e', 'C=1;D', 'echo $C$D'], { cwd: dir });
    expect(stdout).toBe('1\n');
    expect(stderr).toContain("dynosim: env flag D appears invalid. Avoid using ';' in values.\n");
  });

  test('passes on stdin and its end', async () => {
    const { dir } = await startDemo();
    const child = client(dir, ['run', 'cat; echo end']);
    child.stdin.end(LINES);
    expect(await text(child.stdout)).toBe(`${LINES}end\n`);
    expect(await child.ended).toBe(0);
  });

  test('ends with a command that does not read all its stdin', async () => {
    const { dir } = await startDemo();
    const child = client(dir, ['run', 'head -n 1']);
    child.stdin.write(LINES);
    expect(await text(child.stdout)).toBe('line 1\n');
    expect(await child.ended).toBe(0);
  });

  test('loses no output', async () => {
    const { dir } = await startDemo();
    for (let count = 0; count < 5; count++) {
      expect((await run(['run', PRINT_LINES], { cwd: dir })).stdout).toBe(LINES);
    }
  });

  test('loses no output if its reader is slow', async () => {
    const { dir } = await startDemo();
    const child = client(dir, ['run', `${PRINT_LINES}; echo end >&2`]);
    let printed = '';
    for await (const data of child.stdout) {
      printed += data;
      // The others go first this often.
      for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(printed).toBe(`${LINES}end\n`);
  });

  test('pauses a command whose output is not read, and ends it when the reader is gone', async () => {
    const { dir } = await startDemo();
    const nap = uniqueNap();
    const child = client(dir, ['run', `exec yes ${nap}`]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await untilGone(nap);
    expect(await child.ended).toBe(0);
  });

  test('is listed by ps and ended by ps:stop', async () => {
    const { dir } = await startDemo();
    const running = dynosim(['run', 'echo ready; exec sleep 1000'], { cwd: dir });
    await running.printed(/ready/);
    const [, dyno = ''] = /up, (run\.\d{4})/.exec(running.stderr) ?? [];
    const { stdout } = await run(['ps'], { cwd: dir });
    expect(stdout).toMatch(
      /^=== run: one-off processes \(1\)\n\nrun\.\d{4} \(Eco\): up .*: echo ready; exec sleep 1000\n/,
    );
    expect(await run(['ps:stop', dyno], { cwd: dir })).toMatchObject({ status: 0 });
    expect(await running.finished).toMatchObject({ status: 143 });
    expect((await run(['ps'], { cwd: dir })).stdout).not.toContain('run.');
  });

  test('hangs up when the client is killed', async () => {
    const { dir, app } = await startDemo();
    const nap = uniqueNap();
    const child = client(dir, ['run', `echo ready; exec sleep ${nap}`]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await untilGone(nap);
    await app.printed(/Client connection closed\. Sending SIGHUP to all processes/);
  });

  test.runIf(process.platform === 'linux')('hangs up, too, when its input has not been read', async () => {
    const { dir } = await startDemo();
    const nap = uniqueNap();
    // FIONREAD returns how much there is to read.
    const isFull = `do { ioctl STDIN, 0x541B, $n = pack "i", 0 } until 65536 <= unpack "i", $n`;
    const child = client(dir, ['run', `perl -e '${isFull}; exec "echo full; exec sleep ${nap}"'`]);
    child.stdin.write('x'.repeat(10_000_000));
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await untilGone(nap);
  });

  test('reports the end of dynosim in one line', async () => {
    const { dir, app } = await startDemo();
    const running = dynosim(['run', 'echo ready; exec sleep 1000'], { cwd: dir });
    await running.printed(/ready/);
    app.process.kill('SIGKILL');
    const { status, stderr } = await running.finished;
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /up, run\.\d{4}\ndynosim: The running dynosim is gone, and run\.\d{4} with it\. Start it with .*\n$/,
    );
  });

  test('passes on the last words and the status of a command that ends with dynosim', async () => {
    const { dir, app } = await startDemo();
    const command = `trap '${PRINT_LINES}; exit 9' TERM; echo ready; while :; do read -t 0.01; done`;
    const running = dynosim(['run', command], { cwd: dir });
    await running.printed(/ready/);
    await app.stop();
    expect(await running.finished).toMatchObject({ stdout: `ready\n${LINES}`, status: 9 });
  });

  test('run:detached writes to the log, and prints how to read it', async () => {
    const { dir, app } = await startDemo();
    const { stdout, stderr, status } = await run(['run:detached', 'echo', 'to the log'], { cwd: dir });
    const [, dyno] = /^Running echo "to the log" on ⬢ demo\.\.\. done, (run\.\d{4})\n$/.exec(stderr) ?? [];
    expect(stdout).toBe(`Run dynosim logs --app demo --dyno ${dyno} to view the output.\n`);
    expect(status).toBe(0);
    await app.printed(/"line":"State changed from up to complete"/);
    const log = await run(['logs', '--app', 'demo', '--dyno', dyno ?? ''], { cwd: dir });
    expect(log.stdout).toMatch(/ app\[run\.\d{4}\]: to the log\n/);
  });
});

describe.runIf(process.platform === 'linux')('run, at a terminal', () => {
  test.each([
    ['', {}],
    [' the portable way', { DYNOSIM_PORTABLE: '1' }],
  ])("gives the command a terminal of the same size, which follows the user's%s", async (_way, env) => {
    const { dir } = await startDemo([], env);
    const command = 'trap "stty size; exit 4" WINCH; stty size; while :; do read -t 0.01; done';
    const terminal = atTerminal(dir, `tty; stty cols 100 rows 40; dynosim run '${command}'`);
    const [, tty = ''] = await terminal.shows(/(\/dev\/pts\/\d+)/);
    await terminal.shows(/^40 100\r$/m);
    // One change: of two the command would see the first.
    spawnSync('stty', ['-F', tty, 'cols', '120']);
    await terminal.shows(/^40 120\r$/m);
    expect(await terminal.finished).toBe(4);
  });

  test.each([
    ['when the command ends', ''],
    ['when the client is told to end', 'SIGTERM'],
    ['when the client is hung up', 'SIGHUP'],
    ['when the client is killed', 'SIGKILL'],
    ['when dynosim is gone', 'gone'],
  ] as const)('gives the user his terminal back %s', async (_when, signal) => {
    const { dir, app } = await startDemo();
    const nap = uniqueNap();
    const run = `dynosim run "echo ready; read x; : ${nap}"`;
    const terminal = atTerminal(
      dir,
      `before=$(stty -g); ${run}; until [ "$before" = "$(stty -g)" ]; do :; done; echo same`,
    );
    await terminal.shows(/^ready\r$/m);
    if (signal === 'gone') app.process.kill('SIGKILL');
    else if (signal === '') terminal.type('\n');
    else for (const pid of clientsWith(nap)) process.kill(pid, signal);
    await terminal.shows(/^same\r$/m);
  });

  test('Ctrl-C and Ctrl-Z reach the command, not the client', async () => {
    const { dir } = await startDemo();
    const command = `trap "echo got INT" INT; trap "echo got TSTP; exit 5" TSTP; echo ready; while :; do read -t 0.01; done`;
    const terminal = atTerminal(dir, `dynosim run '${command}'`);
    await terminal.shows(/^ready\r$/m);
    terminal.type('\x03');
    await terminal.shows(/^(?:\^C)?got INT\r$/m);
    terminal.type('\x1a');
    await terminal.shows(/^(?:\^Z)?got TSTP\r$/m);
    expect(await terminal.finished).toBe(5);
  });

  test('Ctrl-C four times leaves a command that ignores it', async () => {
    const { dir, app } = await startDemo();
    const nap = uniqueNap();
    const terminal = atTerminal(
      dir,
      `dynosim run 'trap : INT; echo ready; while :; do sleep ${nap} & wait; done'`,
    );
    await terminal.shows(/^ready\r$/m);
    terminal.type('\x03\x03\x03\x03');
    await terminal.shows(/forcing dyno disconnect/);
    expect(await terminal.finished).toBe(1);
    await app.printed(/Client connection closed/);
    await untilGone(nap);
  });

  test('hangs up when the terminal is closed', async () => {
    const { dir, app } = await startDemo();
    const nap = uniqueNap();
    const line = `${process.execPath} ${BIN} run 'echo ready; exec sleep ${nap}'`;
    const script = spawn('script', ['-qfec', line, '/dev/null'], { cwd: dir });
    let screen = '';
    for await (const shown of script.stdout) {
      screen += shown;
      if (/^ready\r$/m.test(screen)) break;
    }
    script.kill('SIGKILL');
    await app.printed(/Client connection closed\. Sending SIGHUP to all processes/);
    await untilGone(nap);
  });

  test('loses no output and changes none', async () => {
    const { dir } = await startDemo();
    for (let count = 0; count < 3; count++) {
      const terminal = atTerminal(dir, `dynosim run '${PRINT_LINES}; stty -onlcr; printf "a\\nb\\r\\nc"'`);
      expect(await terminal.finished).toBe(0);
      const [printed] = await terminal.shows(/line 1\r\n[\s\S]*$/);
      expect(printed).toBe(`${LINES.replaceAll('\n', '\r\n')}a\nb\r\nc`);
    }
  });

  test('writes plain lines to a file', async () => {
    const { dir } = await startDemo();
    await atTerminal(dir, "dynosim run '[ -t 0 ] && echo one; echo two' > out").finished;
    expect(readFileSync(join(dir, 'out'), 'utf8')).toBe('one\ntwo\n');
  });

  test('what a program in a pipe prints at the terminal meanwhile starts at the left', async () => {
    const { dir } = await startDemo();
    const terminal = atTerminal(dir, "dynosim run 'echo one; echo two; read x' | sed -u 's/^/> /'");
    await terminal.shows(/^> two\r?\n?/m);
    terminal.type('\r');
    expect(await terminal.finished).toBe(0);
    await terminal.shows(/> one\r\n> two\r\n/);
  });

  test('--no-tty gives pipes', async () => {
    const { dir } = await startDemo();
    const terminal = atTerminal(dir, "dynosim run --no-tty '[ -t 0 ] || [ -t 1 ] || echo no terminal'");
    await terminal.shows(/^no terminal\r$/m);
    expect(await terminal.finished).toBe(0);
  });
});

describe('run, with nothing running', () => {
  test("runs the command here, in an environment like a dyno's", async () => {
    const { stdout, stderr, status } = await run(['run', 'echo "$A, $B in $DYNO at $PORT"; exit 3'], {
      cwd: makeFolder(FILES),
    });
    const [, dyno] = /^1, two words in (run\.\d{4}) at \d+\n$/.exec(stdout) ?? [];
    expect(stderr).toMatch(new RegExp(`^Running .* here, as the app does not run\\.\\.\\. up, ${dyno}\n$`));
    expect(status).toBe(3);
  });

  test('runs a process type with further arguments, and passes on stdin', async () => {
    const child = client(makeFolder({ Procfile: 'show: cat -\n' }), ['run', 'show', '-n']);
    child.stdin.end('one\n');
    expect(await text(child.stdout)).toBe('     1\tone\n');
  });

  test('says nothing of a release command, which it does not run', async () => {
    const dir = makeFolder({ Procfile: 'release: echo migrating\n' });
    const { stdout, stderr } = await run(['run', 'release'], { cwd: dir });
    expect(stdout).toBe('migrating\n');
    expect(stderr).toMatch(/^Running release here, as the app does not run\.\.\. up, run\.\d{4}\n$/);
  });

  test('needs no Procfile, and heeds .dynosimrc', async () => {
    const dir = makeFolder({ 'other.env': 'A=9\n', '.dynosimrc': '--env other.env\n--clean-env\n' });
    const { stdout } = await run(['run', 'echo $A$HIDDEN'], { cwd: dir, env: { HIDDEN: 'seen' } });
    expect(stdout).toBe('9\n');
  });

  test('loses no output', async () => {
    const dir = makeFolder(FILES);
    for (let count = 0; count < 3; count++) {
      expect((await run(['run', PRINT_LINES], { cwd: dir })).stdout).toBe(LINES);
    }
  });

  test.runIf(process.platform === 'linux')(
    'has a terminal when run at a terminal, and leaves no processes',
    async () => {
      const nap = uniqueNap();
      const terminal = atTerminal(
        makeFolder(FILES),
        `dynosim run '(setsid sleep ${nap} &); stty size; tty; exit 7'`,
      );
      await terminal.shows(/\/dev\/pts/);
      expect(await terminal.finished).toBe(7);
      expect(processesWith(nap)).toEqual([]);
    },
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the command and leaves nothing behind', async (signal, status) => {
    const nap = uniqueNap();
    const running = dynosim(['run', `setsid sleep ${nap} & echo ready; exec sleep ${nap}`], {
      cwd: makeFolder(FILES),
    });
    await running.printed(/ready/);
    expect(await running.stop(signal)).toMatchObject({ status });
    expect(processesWith(nap)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('no process is left if it is killed', async () => {
    const nap = uniqueNap();
    const running = dynosim(['run', `setsid sleep ${nap} & echo ready; exec sleep ${nap}`], {
      cwd: makeFolder(FILES),
    });
    await running.printed(/ready/);
    await running.stop('SIGKILL');
    await untilGone(nap);
  });

  test.each([
    [['run:detached', 'ls'], /^dynosim: No app runs from .* Start it with "dynosim start", .*\n$/],
    [['run', '-a', 'nosuch', 'ls'], /^dynosim: No app named nosuch runs\. Start it with .*\n$/],
    [['run'], /^dynosim: missing required argument 'command'.*\n$/],
    [['run', '-s', 'huge', 'ls'], /^dynosim: .*huge.*\n$/],
  ])('%j fails with one line', async (args, message) => {
    const { stderr, stdout, status } = await run(args, { cwd: makeFolder(FILES) });
    expect(stderr).toMatch(message);
    expect([stdout, status]).toEqual(['', 1]);
  });
});

/** Clients that run a command with this text in it: neither the shell around them nor the dyno. */
function clientsWith(text: string): readonly number[] {
  return processesWith(text).filter((pid) => commandLine(pid).startsWith(process.execPath));
}
