import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { MAX_GRACE_MS } from '../../../src/dynos/contain/guard-protocol.js';
import { type Containment, type ProcessTree, startContainment } from '../../../src/dynos/contain/index.js';
import { makeFolder } from '../../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';

const ownPath = process.env.PATH ?? '';

async function makeContainment({ portable = false, path = ownPath } = {}): Promise<Containment> {
  const containment = await startContainment({
    platform: process.platform,
    path,
    portable,
    clock: systemClock,
  });
  onTestFinished(() => containment.close());
  expect(containment.gaps).toHaveLength(portable ? 1 : 0);
  return containment;
}

/** Prints `ready`, then its argument for every SIGTERM; ends a little after the first. */
const ONCE_TERMINATED = `perl -e '${[
  '$SIG{TERM} = sub { syswrite STDOUT, "$ARGV[0]\\n"; $seen++ };',
  'syswrite STDOUT, "ready\\n";',
  'select undef, undef, undef, 0.05 until $seen;',
  'select undef, undef, undef, 0.1',
].join(' ')}'`;

function bash(script: string, env: Record<string, string> = {}) {
  return {
    name: 'web.1',
    cwd: '/tmp',
    env: { PATH: ownPath, ...env },
    command: ['bash', '-c', script],
  } as const;
}

/** Everything the tree prints. */
async function outputOf(tree: ProcessTree | Promise<ProcessTree>): Promise<string> {
  return text((await tree).output);
}

/** Resolves when the tree has printed `ready` this many times. */
async function untilReady({ output }: ProcessTree, times = 1): Promise<Readable> {
  let seen = '';
  while (seen.split('ready').length <= times) seen += String((await once(output, 'data'))[0]);
  return output.resume();
}

describe.each([
  ['the guard', false],
  ['the portable way', true],
])('%s', (_name, portable) => {
  test.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -KILL $$', 137],
    ['kill -TERM $$', 143],
    ['no-such-program-here', 127],
  ])('%j ends with status %i', async (script, status) => {
    const tree = await (await makeContainment({ portable })).start(bash(script));
    void outputOf(tree);
    expect(await tree.exited).toEqual({ status });
  });

  test('gives stdout and stderr as one stream, in order', async () => {
    const tree = await (await makeContainment({ portable })).start(
      bash('for i in 1 2 3; do echo $i; echo $i >&2; done'),
    );
    expect(await outputOf(tree)).toBe('1\n1\n2\n2\n3\n3\n');
  });

  test('passes on the environment it is given and nothing else, and starts in the folder it is given', async () => {
    const value = 'a "b" \'c\' $d é\\';
    const tree = await (await makeContainment({ portable })).start(
      bash('echo "$VALUE"; pwd; env | cut -d= -f1', { VALUE: value }),
    );
    const [first, second, ...names] = (await outputOf(tree)).trim().split('\n');
    expect([first, second]).toEqual([value, '/tmp']);
    // The last three are bash's own.
    expect(names.sort()).toEqual(['PATH', 'PWD', 'SHLVL', 'VALUE', '_']);
  });

  test('keeps stdin open, so that watchers go on', async () => {
    const tree = await (await makeContainment({ portable })).start(
      bash('read -t 0.2 line; echo "status $?"'),
    );
    // 142: timed out. 1 would be the end of the input.
    expect(await outputOf(tree)).toBe('status 142\n');
  });

  test('a signal reaches the children too', async () => {
    const tree = await (await makeContainment({ portable })).start(
      bash(`trap "" TERM; ${ONCE_TERMINATED} child & ${ONCE_TERMINATED} child & wait; wait`),
    );
    const output = await untilReady(tree, 2);
    const rest = text(output);
    tree.signal('SIGTERM');
    expect(await rest).toBe('child\nchild\n');
    await tree.exited;
  });

  test('when the first process ends, its background jobs end too', async () => {
    const nap = uniqueNap();
    const tree = await (await makeContainment({ portable })).start(bash(`sleep ${nap} & exit 4`));
    void outputOf(tree);
    expect(await tree.exited).toEqual({ status: 4 });
    await untilGone(nap);
  });

  test('a stop waits for every process, not just the first', async () => {
    const tree = await (await makeContainment({ portable })).start(
      bash(
        '(trap "echo late >&2; exit" USR1; trap "" TERM; echo ready $BASHPID; while :; do sleep 0.01; done) & exec sleep 1000',
      ),
    );
    const { output } = tree;
    const child = Number(/ready (\d+)/.exec(String((await once(output, 'data'))[0]))?.[1]);
    const rest = text(output);
    let over = false;
    void tree.exited.then(() => {
      over = true;
    });
    tree.signal('SIGTERM');
    const { pid } = tree;
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    process.kill(child, 'SIGUSR1');
    expect(await rest).toBe('late\n');
    expect(await tree.exited).toEqual({ status: 143 });
  });

  test('loses no output of processes that end at once', async () => {
    const containment = await makeContainment({ portable });
    const trees = Array.from({ length: 60 }, (_, index) =>
      containment.start(bash(`printf 'line %s\\nlast ${index}' ${index}`)),
    );
    const outputs = await Promise.all(trees.map(outputOf));
    expect(outputs).toEqual(trees.map((_, index) => `line ${index}\nlast ${index}`));
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when a process has stopped writing: nobody reads what it prints, and all buffers are full. */
async function untilStuck(pid: number): Promise<void> {
  const written = () => /^wchar: (.*)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
  let before: string | undefined;
  let same = 0;
  await vi.waitFor(
    () => {
      const now = written();
      same = now === before ? same + 1 : 0;
      before = now;
      expect(same).toBeGreaterThan(20);
    },
    { timeout: 30_000, interval: 10 },
  );
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Each prints `ready` when all its processes run; `NAP` marks every one of them. */
const STUBBORN = {
  'background jobs': 'sleep NAP & sleep NAP & echo ready; wait',
  'ignoring SIGTERM, SIGINT and SIGHUP':
    'trap "" TERM INT HUP; sleep NAP & echo ready; while :; do sleep NAP; done',
  'sessions of their own':
    'setsid sleep NAP & setsid sh -c "setsid sleep NAP & sleep NAP" & echo ready; sleep NAP',
  'double forks': '( ( trap "" TERM; echo ready; exec sleep NAP ) & ) & exec sleep NAP',
  'daemons that clear their environment and close everything':
    'setsid env -i PATH="$PATH" sh -c "trap \\"\\" TERM; echo ready; exec </dev/null >/dev/null 2>&1; sleep NAP & exec sleep NAP" & sleep NAP',
  'a chain of processes that forks on and on':
    'perl -e \'$SIG{TERM} = "IGNORE"; syswrite STDOUT, "ready\\n"; while (time < $^T + 60) { exit if fork; setpgrp }\' NAP & sleep NAP',
} as const;

describe.runIf(process.platform === 'linux')('the guard leaves no process of', () => {
  test.each(Object.entries(STUBBORN))('%s', async (_name, script) => {
    const nap = uniqueNap();
    const tree = await (await makeContainment()).start(bash(script.replaceAll('NAP', nap)));
    await untilReady(tree);
    tree.signal('SIGTERM');
    tree.signal('SIGKILL');
    await tree.exited;
    expect(processesWith(nap)).toEqual([]);
  });

  test('a tree whose init is killed', async () => {
    const nap = uniqueNap();
    const tree = await (await makeContainment()).start(
      bash(`setsid sleep ${nap} & echo ready; sleep ${nap}`),
    );
    await untilReady(tree);
    process.kill(tree.root, 'SIGKILL');
    expect(await tree.exited).toEqual({ status: 137 });
    await untilGone(nap);
  });

  test('all trees when the guard is killed, and the next one gets a new guard', async () => {
    const nap = uniqueNap();
    const containment = await makeContainment();
    const tree = await containment.start(bash(`setsid sleep ${nap} & echo ready; sleep ${nap}`));
    await untilReady(tree);
    const guard = parentOf(tree.root);
    process.kill(guard, 'SIGKILL');
    expect(await tree.exited).toEqual({ status: 143 });
    expect(processesWith(nap)).toEqual([]);
    while (existsSync(`/proc/${guard}`)) await new Promise((resolve) => setImmediate(resolve));
    const next = await containment.start(bash('echo works'));
    expect(await outputOf(next)).toBe('works\n');
  });

  test('all trees when the guard is killed, and the next ones say that there can be no other', async () => {
    const programs = makeFolder({ 'bin/': '' });
    for (const program of ['bash', 'perl'])
      symlinkSync(`/usr/bin/${program}`, join(programs, 'bin', program));
    const containment = await makeContainment({ path: join(programs, 'bin') });
    const tree = await containment.start(bash('echo ready; sleep 1000'));
    await untilReady(tree);
    rmSync(join(programs, 'bin/perl'));
    const guard = parentOf(tree.root);
    process.kill(guard, 'SIGKILL');
    await tree.exited;
    while (existsSync(`/proc/${guard}`)) await new Promise((resolve) => setImmediate(resolve));
    for (const next of [containment.start(bash('echo works')), containment.start(bash('echo works'))])
      await expect(next).rejects.toThrow('the guard cannot run here (spawn perl ENOENT)');
    symlinkSync('/usr/bin/perl', join(programs, 'bin/perl'));
    expect(await outputOf(containment.start(bash('echo works')))).toBe('works\n');
  });

  test('any tree when dynosim is gone, after their grace period', async () => {
    const containment = await makeContainment();
    const nap = uniqueNap();
    const tree = await containment.start({
      ...bash(`trap "" TERM; echo ready; while :; do sleep ${nap}; done`),
      shutdownMs: 300,
    });
    await untilReady(tree);
    const endedAt = performance.now();
    await containment.close();
    expect(await tree.exited).toEqual({ status: 137 });
    expect(processesWith(nap)).toEqual([]);
    expect(performance.now() - endedAt).toBeGreaterThanOrEqual(300);
    expect(performance.now() - endedAt).toBeLessThan(MAX_GRACE_MS);
  });

  test('a server last, when no dyno can need it any more', async () => {
    const containment = await makeContainment();
    const file = join(makeFolder(), 'ends');
    const ends = (name: string, after: string) =>
      bash(`trap "${after} echo ${name} >> ${file}; exit" TERM; echo ready; while :; do sleep 0.01; done`);
    const server = await containment.start({ ...ends('server', ''), isServer: true });
    const dyno = await containment.start(ends('dyno', 'sleep 0.2;'));
    await Promise.all([untilReady(server), untilReady(dyno)]);
    await containment.close();
    expect(readFileSync(file, 'utf8')).toBe('dyno\nserver\n');
  });

  test('a tree that is ending anyway, which gets no second SIGTERM for it', async () => {
    const containment = await makeContainment();
    const tree = await containment.start(bash(`${ONCE_TERMINATED} told; sleep 0.2`));
    const output = await untilReady(tree);
    const rest = text(output);
    tree.signal('SIGTERM');
    await containment.close();
    expect(await rest).toBe('told\n');
  });

  test('its own helpers', async () => {
    const containment = await makeContainment();
    const tree = await containment.start(bash('echo ready; sleep 1000'));
    await untilReady(tree);
    const { root } = tree;
    await containment.close();
    expect(isAlive(root)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('under the guard', () => {
  test('stdout is a real pipe: /dev/stdout can be opened', async () => {
    const tree = await (await makeContainment()).start(
      bash('echo through > /dev/stdout; echo two > /dev/stderr'),
    );
    expect(await outputOf(tree)).toBe('through\ntwo\n');
  });

  test('a signal reaches each process once', async () => {
    const tree = await (await makeContainment()).start(
      bash(`trap "" TERM; ${ONCE_TERMINATED} one & ${ONCE_TERMINATED} two & wait; wait`),
    );
    const output = await untilReady(tree, 2);
    tree.signal('SIGTERM');
    expect((await text(output)).split('\n').sort()).toEqual(['', 'one', 'two']);
  });

  test('"kill 0" in an app does not reach anything else', async () => {
    const containment = await makeContainment();
    const bystander = await containment.start(bash('echo ready; read -t 0.2; echo still here'));
    const output = await untilReady(bystander);
    const tree = await containment.start(bash('kill 0'));
    void outputOf(tree);
    expect(await tree.exited).toEqual({ status: 143 });
    expect(await text(output)).toBe('still here\n');
  });

  test('signals that dynosim itself blocks or ignores are as usual in an app', async () => {
    const tree = await (await makeContainment()).start(bash('grep -E "^Sig(Blk|Ign)" /proc/self/status'));
    expect(await outputOf(tree)).toBe('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
  });

  test('an app inherits no descriptor but the first three', async () => {
    const tree = await (await makeContainment()).start(bash('ls -x /proc/$$/fd; :'));
    expect((await outputOf(tree)).trim().split(/\s+/)).toEqual(['0', '1', '2']);
  });
});

describe.runIf(process.platform === 'linux')('under the guard, with an input', () => {
  test('a tree reads its input to the end', async () => {
    const containment = await makeContainment();
    const tree = await containment.start(bash('cat; echo end'));
    // A second tree, started meanwhile, must not keep the first one's input open.
    await containment.start(bash('sleep 1000'));
    const { output, input } = tree;
    const received = text(output);
    input.write('hello\n');
    input.end('world\n');
    expect(await received).toBe('hello\nworld\nend\n');
    expect(await tree.exited).toEqual({ status: 0 });
  });

  test('a large input arrives whole', async () => {
    const tree = await (await makeContainment()).start(bash('sleep 0.1; wc -c'));
    const { output, input } = tree;
    input.end('x'.repeat(3_000_000));
    expect((await text(output)).trim()).toBe('3000000');
  });
});

describe.runIf(process.platform === 'linux')('under the guard, at a terminal', () => {
  const terminal = { columns: 91, rows: 17 };

  test('all three streams are that terminal, of the size asked for', async () => {
    const tree = await (await makeContainment()).start({
      ...bash('test -t 0 && test -t 1 && test -t 2 && tty && stty size', { TERM: 'xterm' }),
      terminal,
    });
    expect(await outputOf(tree)).toMatch(/^\/dev\/pts\/\d+\r\n17 91\r\n$/);
  });

  test('a change of its size reaches the program', async () => {
    const tree = await (await makeContainment()).start({
      ...bash('trap "stty size; exit" WINCH; echo ready; while :; do read -t 0.01; done'),
      terminal,
    });
    const { output } = tree;
    let seen = '';
    output.on('data', (chunk) => {
      seen += chunk;
      if (seen === 'ready\r\n') tree.resize({ columns: 120, rows: 40 });
    });
    await once(output, 'end');
    expect(seen).toBe('ready\r\n40 120\r\n');
  });

  test('Ctrl-C interrupts what runs in the foreground', async () => {
    const tree = await (await makeContainment()).start({ ...bash('echo ready; sleep 1000'), terminal });
    const { output, input } = tree;
    output.once('data', () => input.write('\x03')).resume();
    expect(await tree.exited).toEqual({ status: 130 });
  });

  test('typed input is read, and Ctrl-D ends it', async () => {
    const tree = await (await makeContainment()).start({ ...bash('stty -echo; echo ready; cat'), terminal });
    const { output, input } = tree;
    output.once('data', () => input.write('hello\n\x04'));
    expect(await text(output)).toBe('ready\r\nhello\r\n');
  });

  test('nothing of the output is lost, however quickly the program ends', async () => {
    const containment = await makeContainment();
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('');
    for (let round = 0; round < 15; round++) {
      const tree = await containment.start({ ...bash('exec seq 20000'), terminal });
      expect((await outputOf(tree)) === lines).toBe(true);
    }
  });

  test.each(['is killed', 'ends with dynosim'])('a program whose output is not read %s', async (how) => {
    const nap = uniqueNap();
    const containment = await makeContainment();
    const tree = await containment.start({
      ...bash(`setsid sleep ${nap} & exec yes`),
      terminal,
    });
    await untilStuck(tree.pid);
    if (how === 'is killed') tree.signal('SIGKILL');
    else await containment.close();
    expect(await tree.exited).toEqual({ status: how === 'is killed' ? 137 : 143 });
    await untilGone(nap);
  });
});

test('without Linux, the portable way is used, and lists what it cannot guarantee', async () => {
  const containment = await startContainment({
    platform: 'darwin',
    path: ownPath,
    portable: false,
    clock: systemClock,
  });
  onTestFinished(() => containment.close());
  expect(containment.gaps.join()).toMatch(/this is not Linux.*SIGKILL/);
});

test('without perl, the portable way is used, and gives the reason', async () => {
  const programs = makeFolder();
  symlinkSync('/bin/bash', join(programs, 'bash'));
  const containment = await startContainment({
    platform: 'linux',
    path: programs,
    portable: false,
    clock: systemClock,
  });
  onTestFinished(() => containment.close());
  expect(containment.gaps.join()).toContain('ENOENT');
});
