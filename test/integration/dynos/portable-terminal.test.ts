import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import type { ProcessTree, TerminalSize } from '../../../src/dynos/contain/containment.js';
import { PortableContainment } from '../../../src/dynos/contain/portable.js';
import { loadNodePty } from '../../../src/dynos/contain/pty.js';
import { makeFolder } from '../../helpers/folder.js';
import { uniqueNap, untilGone } from '../../helpers/processes.js';

const WAYS = [
  { way: 'node-pty', load: loadNodePty },
  { way: 'script', load: () => undefined },
] as const;

class Program {
  readonly tree: ProcessTree;
  printed = '';

  constructor(tree: ProcessTree) {
    this.tree = tree;
    tree.output.on('data', (data) => {
      this.printed += data;
    });
  }

  async prints(pattern: RegExp): Promise<void> {
    const { output } = this.tree;
    const closed = once(output, 'close').then(() => {
      if (!pattern.test(this.printed)) throw new Error(`It ended without ${pattern}: ${this.printed}`);
    });
    while (!pattern.test(this.printed)) await Promise.race([once(output, 'data'), closed]);
  }

  type(keys: string): void {
    this.tree.input.write(keys);
  }

  /** Resolves with all that it has printed and its exit status. */
  async end(): Promise<{ printed: string; status: number }> {
    const closed = this.tree.output.closed || once(this.tree.output, 'close');
    const { status } = await this.tree.exited;
    await closed;
    return { printed: this.printed, status };
  }
}

async function run(load: typeof loadNodePty, script: string, terminal?: TerminalSize): Promise<Program> {
  const containment = new PortableContainment({
    clock: systemClock,
    why: 'a test asks for it',
    canFindTree: true,
    loadPty: load,
  });
  onTestFinished(() => containment.close());
  const env = { PATH: process.env.PATH ?? '', TERM: 'xterm' };
  const tree = await containment.start({
    name: 'run.1',
    cwd: '/tmp',
    env,
    command: ['bash', '--norc', '-c', script],
    ...(terminal && { terminal }),
  });
  return new Program(tree);
}

const TERMINAL = { columns: 100, rows: 30 };
const LINES = Array.from({ length: 20_000 }, (_, index) => `line ${index + 1}\r\n`).join('');

test('node-pty is installed here', () => {
  expect(loadNodePty()).toBeDefined();
});

describe.each(WAYS)('a terminal by $way', ({ way, load }) => {
  test('has the size asked for and is the terminal of its session', async () => {
    const program = await run(load, 'stty size; [ -t 0 -a -t 1 -a -t 2 ]; : < /dev/tty && exit 3', TERMINAL);
    expect(await program.end()).toEqual({ printed: '30 100\r\n', status: 3 });
  });

  test('makes a SIGINT of Ctrl-C', async () => {
    const script = 'trap "echo interrupted; exit 6" INT; echo ready; while :; do read -t 0.01; done';
    const program = await run(load, script, TERMINAL);
    await program.prints(/ready/);
    program.type('\x03');
    expect(await program.end()).toMatchObject({
      printed: expect.stringMatching(/interrupted\r\n$/),
      status: 6,
    });
  });

  test('passes on typed input and its end', async () => {
    const program = await run(load, 'stty -echo; echo ready; cat', TERMINAL);
    await program.prints(/ready/);
    program.type('grüße\n');
    await program.prints(/grüße/);
    program.tree.input.end();
    expect(await program.end()).toEqual({ printed: 'ready\r\ngrüße\r\n', status: 0 });
  });

  test('loses no output of a program that ends', async () => {
    for (let count = 0; count < 5; count++) {
      const program = await run(load, 'seq -f "line %.0f" 20000; exit 4', TERMINAL);
      expect(await program.end()).toEqual({ printed: LINES, status: 4 });
    }
  });

  test('loses no output if it is first read after the end of the program', async () => {
    const program = await run(load, 'seq -f "line %.0f" 200', TERMINAL);
    program.tree.output.pause();
    await program.tree.exited;
    program.tree.output.resume();
    expect((await program.end()).printed).toBe(LINES.slice(0, LINES.indexOf('line 201\r')));
  });

  test('pauses a program whose output is not read', async () => {
    const dir = makeFolder();
    // Far more than any buffer on the way holds.
    const script = 'yes | head -c 600000';
    const program = await run(load, `${script}; echo done > ${dir}/done`, TERMINAL);
    program.tree.output.pause();
    // By the time that another one has ended, this one would have, too.
    await (await run(load, `${script}; ${script}`, TERMINAL)).end();
    expect(existsSync(`${dir}/done`)).toBe(false);
    program.tree.output.resume();
    expect((await program.end()).printed).toBe('y\r\n'.repeat(300_000));
    expect(existsSync(`${dir}/done`)).toBe(true);
  });

  test('hangs up', async () => {
    const nap = uniqueNap();
    const program = await run(load, `echo ready; sleep ${nap}`, TERMINAL);
    await program.prints(/ready/);
    program.tree.signal('SIGHUP');
    expect((await program.end()).status).toBe(129);
    await untilGone(nap);
  });

  test('waits for a program that does not read its input, without blocking anything else', async () => {
    const nap = uniqueNap();
    const program = await run(load, `stty raw -echo; echo ready; sleep ${nap}`, TERMINAL);
    await program.prints(/ready/);
    program.type('x'.repeat(1_000_000));
    program.tree.signal('SIGKILL');
    expect((await program.end()).status).toBe(137);
    await untilGone(nap);
  });

  test('ends though its output is held by Ctrl-S', async () => {
    const program = await run(load, 'echo ready; exec yes', TERMINAL);
    await program.prints(/ready/);
    program.type('\x13');
    program.tree.signal('SIGKILL');
    expect((await program.end()).status).toBe(137);
  });

  test.runIf(way === 'node-pty')('can be resized', async () => {
    const program = await run(
      load,
      'trap "stty size; exit" WINCH; echo ready; while :; do read -t 0.01; done',
      TERMINAL,
    );
    await program.prints(/ready/);
    program.tree.resize({ columns: 120, rows: 50 });
    expect((await program.end()).printed).toBe('ready\r\n50 120\r\n');
  });
});

describe('pipes the portable way', () => {
  test('pass on input and its end, and lose no output', async () => {
    const program = await run(loadNodePty, 'cat; exit 5');
    program.tree.input.end(LINES);
    expect(await program.end()).toEqual({ printed: LINES, status: 5 });
  });

  test('carry stdout and stderr in order', async () => {
    const program = await run(loadNodePty, 'for n in 1 2 3; do echo out; echo err >&2; done');
    expect((await program.end()).printed).toBe('out\nerr\n'.repeat(3));
  });
});
