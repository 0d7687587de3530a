import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { findProgram } from '../../../src/base/find-program.js';
import { type ProcessTree, startContainment } from '../../../src/dynos/contain/index.js';
import { type DebuggerState, debuggerOf } from '../../../src/dynos/debugger.js';
import { Ports } from '../../../src/dynos/ports.js';
import { Debugger, untilTarget } from '../../helpers/inspector.js';

const path = process.env.PATH ?? '';
const ports = new Ports();
const containment = startContainment({
  platform: process.platform,
  path,
  portable: false,
  clock: systemClock,
});

afterAll(async () => (await containment).close());

/** Starts a program that ends with the test, and waits until it has printed something. */
async function startTree(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessTree> {
  const spec = { name: 'web.1', cwd: '/tmp', env: { PATH: path, ...env }, command };
  const tree = await (await containment).start(spec);
  onTestFinished(async () => {
    tree.signal('SIGKILL');
    await tree.exited;
  });
  await once(tree.output, 'data');
  tree.output.resume();
  return tree;
}

const startNode = (flags: readonly string[], code: string, env = {}): Promise<ProcessTree> =>
  startTree([process.execPath, ...flags, '-e', code], env);

async function untilState({ root }: ProcessTree, state: DebuggerState): Promise<void> {
  while (debuggerOf(root) !== state) await new Promise((resolve) => setImmediate(resolve));
}

/** Connects, as an editor does. The result disconnects. */
async function connectTo(port: number): Promise<() => void> {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return () => socket.destroy();
}

const FOREVER = 'console.log(1); setInterval(() => {}, 1000)';

const tracer = ['strace', 'gdb'].find((name) => findProgram(name, path));

/** Whether a program can run this code. */
function can(program: string, code: string): boolean {
  return spawnSync(program, [program === 'ruby' ? '-e' : '-c', code]).status === 0;
}

describe.runIf(process.platform === 'linux')('a debugger', () => {
  test.each([
    ['by its arguments', (port: number) => [[`--inspect=${port}`], {}] as const],
    ['by NODE_OPTIONS', (port: number) => [[], { NODE_OPTIONS: `--inspect=${port}` }] as const],
  ])('is seen at an inspector that Node opens %s, until it leaves', async (_how, open) => {
    const port = await ports.take();
    const [flags, env] = open(port);
    const tree = await startNode(flags, FOREVER, env);
    await untilTarget(port, () => true);
    await untilState(tree, 'none');
    const attached = await Debugger.attach(port);
    expect(debuggerOf(tree.root)).toBe('attached');
    await attached.detach();
    await untilState(tree, 'none');
  });

  test('is seen in a child, and awaited by --inspect-brk', async () => {
    const port = await ports.take();
    const args = JSON.stringify([`--inspect-brk=${port}`, '-e', FOREVER]);
    const spawning = `require('node:child_process').spawn(process.execPath, ${args}, { stdio: 'inherit' })`;
    const tree = await startNode([], spawning);
    await untilState(tree, 'awaited');
    await Debugger.attach(port);
    expect(debuggerOf(tree.root)).toBe('attached');
  });

  test('at another process with the same port is none of this one', async () => {
    const port = await ports.take();
    const one = await startNode([`--inspect=${port}`], FOREVER);
    const other = await startNode([`--inspect-port=${port}`], FOREVER);
    await Debugger.attach(port);
    expect([one, other].map(({ root }) => debuggerOf(root))).toEqual(['attached', 'none']);
  });

  // Needs strace or gdb, and the right to trace.
  test.skipIf(tracer === undefined)('is seen when it traces a process', async ({ skip }) => {
    const tree = await startTree(['sh', '-c', 'echo; exec sleep 1000']);
    expect(debuggerOf(tree.root)).toBe('none');
    const tracing = await startTree([
      tracer ?? '',
      ...(tracer === 'gdb' ? ['-q'] : []),
      '-p',
      String(tree.pid),
    ]);
    const isRefused = tracing.exited.then(() => true);
    if (await Promise.race([untilState(tree, 'attached'), isRefused])) skip();
    tracing.signal('SIGKILL');
    await untilState(tree, 'none');
  });

  // Needs Debian's python3-debugpy.
  test.skipIf(!can('/usr/bin/python3', 'import debugpy'))("is seen at the adapter of Python's", async () => {
    const port = await ports.take();
    const code = `import debugpy, time; debugpy.listen(${port}); print(1, flush=True); time.sleep(1000)`;
    const tree = await startTree(['/usr/bin/python3', '-Xfrozen_modules=off', '-c', code]);
    expect(debuggerOf(tree.root)).toBe('none');
    await connectTo(port);
    await untilState(tree, 'attached');
  });

  // Ruby has it since 3.1.
  test.skipIf(!can('ruby', 'require "debug/version"'))("is seen at Ruby's", async () => {
    const port = await ports.take();
    const tree = await startTree(['ruby', '-r', 'debug/open_nonstop', '-e', 'puts 1; sleep 1000'], {
      RUBY_DEBUG_PORT: String(port),
    });
    expect(debuggerOf(tree.root)).toBe('none');
    await connectTo(port);
    await untilState(tree, 'attached');
  });
});
