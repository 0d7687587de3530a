import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Server } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import {
  type Containment,
  type Listening,
  type ProcessTree,
  startContainment,
} from '../../../src/dynos/contain/index.js';
import { Ports } from '../../../src/dynos/ports.js';
import { activityOf, hasUnread, holderOf, portsOfTree } from '../../../src/dynos/proc.js';

const path = process.env.PATH ?? '';
const isLinux = process.platform === 'linux';
const ports = new Ports();

async function makeContainment(portable: boolean): Promise<Containment> {
  const containment = await startContainment({
    platform: process.platform,
    path,
    portable,
    clock: systemClock,
  });
  onTestFinished(() => containment.close());
  return containment;
}

/** Starts a Node program in a tree of its own. */
async function node(containment: Containment, code: string): Promise<ProcessTree> {
  const command = [process.execPath, '-e', code] as const;
  const tree = await containment.start({ name: 'web.1', cwd: '/tmp', env: { PATH: path }, command });
  tree.output.resume();
  return tree;
}

function untilListening(tree: ProcessTree, port: number): Promise<Listening> {
  return new Promise((resolve) => tree.watchPort(port, resolve));
}

const listenOn = (port: number, host: string, options = {}): string =>
  `require('node:net').createServer().listen(${JSON.stringify({ port, host, ...options })})`;

describe.runIf(isLinux)('under the guard', () => {
  test.each([
    ['0.0.0.0', {}, { host: '127.0.0.1', isLoopback: false }],
    ['::', {}, { host: '::1', isLoopback: false }],
    ['::', { ipv6Only: true }, { host: '::1', isLoopback: false }],
    ['127.0.0.1', {}, { host: '127.0.0.1', isLoopback: true }],
    ['127.0.0.5', {}, { host: '127.0.0.5', isLoopback: true }],
    ['::1', {}, { host: '::1', isLoopback: true }],
  ])('finds what listens on %s %j and where to reach it', async (host, options, expected) => {
    const port = await ports.take();
    const tree = await node(await makeContainment(false), listenOn(port, host, options));
    const found = await untilListening(tree, port);
    expect(found).toEqual({ port, ...expected });
    const socket = connect(found);
    await once(socket, 'connect');
    socket.destroy();
  });

  test('prefers all addresses to one, in any order', async () => {
    const port = await ports.take();
    const code = `${listenOn(port, '127.0.0.9')}.on('listening', () => { ${listenOn(port + 1, '127.0.0.1')} })`;
    const tree = await node(await makeContainment(false), code);
    expect(await untilListening(tree, port)).toMatchObject({ host: '127.0.0.9' });
  });

  test('does not take a stranger on the port for the dyno', async () => {
    const server = createServer().listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const containment = await makeContainment(false);
    const tree = await node(containment, 'setInterval(() => {}, 1000)');
    tree.watchPort((server.address() as AddressInfo).port, () => expect.unreachable());
    // By the time that the guard has found another one's port it has looked at this one, too.
    const port = await ports.take();
    await untilListening(await node(containment, listenOn(port, '127.0.0.1')), port);
  });

  test('finds a grandchild that listens', async () => {
    const port = await ports.take();
    const child = JSON.stringify(listenOn(port, '127.0.0.1'));
    const code = `require('node:child_process').spawn(process.execPath, ['-e', ${child}], { detached: true })`;
    const tree = await node(await makeContainment(false), `${code}; setInterval(() => {}, 1000)`);
    expect(await untilListening(tree, port)).toMatchObject({ port });
  });

  test('watches many at once, and no longer than it is asked to', async () => {
    const containment = await makeContainment(false);
    const trees = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const port = await ports.take();
        return { port, tree: await node(containment, listenOn(port, '0.0.0.0')) };
      }),
    );
    const [first] = trees;
    first?.tree.watchPort(first.port, () => expect.unreachable())();
    const found = await Promise.all(trees.slice(1).map(({ tree, port }) => untilListening(tree, port)));
    expect(found.map(({ port }) => port)).toEqual(trees.slice(1).map(({ port }) => port));
  });
});

describe('the portable way', () => {
  test.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('finds what listens on %s', async (host) => {
    const port = await ports.take();
    const tree = await node(await makeContainment(true), listenOn(port, host));
    expect(await untilListening(tree, port)).toMatchObject({ port });
  });
});

describe.runIf(isLinux)('by /proc', () => {
  test('finds the ports of a tree, including grandchildren', async () => {
    const port = await ports.take();
    const containment = await makeContainment(false);
    const child = JSON.stringify(listenOn(port, '127.0.0.1'));
    const code = `require('node:child_process').spawn(process.execPath, ['-e', ${child}])`;
    const tree = await node(containment, `${code}; setInterval(() => {}, 1000)`);
    await untilListening(tree, port);
    expect(portsOfTree(tree.root)).toEqual([port]);
  });

  test("a Node inspector's port is left out", async () => {
    const [port, inspected] = [await ports.take(), await ports.take()];
    const containment = await makeContainment(false);
    const tree = await containment.start({
      name: 'web.1',
      cwd: '/tmp',
      env: { PATH: path, NODE_OPTIONS: `--inspect=${inspected}` },
      command: [process.execPath, '-e', listenOn(port, '127.0.0.1')],
    });
    await untilListening(tree, port);
    expect(portsOfTree(tree.root)).toEqual([port]);
  });

  test('a process that is gone has no ports', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(portsOfTree(child.pid ?? 0)).toEqual([]);
  });

  test.each(['127.0.0.1', '::'])('detects unread data for %s', async (host) => {
    const server = createServer({ pauseOnConnect: true }).listen({ port: 0, host });
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1' });
    onTestFinished(() => void client.destroy());
    const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
    expect(hasUnread(port)).toBe(false);
    await new Promise((sent) => client.write('x', sent));
    await expect.poll(() => hasUnread(port)).toBe(true);
    expect(hasUnread(client.localPort ?? 0)).toBe(false);
    await Promise.all([once(accepted, 'data'), accepted.resume()]);
    expect(hasUnread(port)).toBe(false);
  });

  test('tells what a tree does, of each of its threads', async () => {
    const code = `new (require('node:worker_threads').Worker)('console.log(1); for (;;);', { eval: true })`;
    const [worker, idle] = [code, 'console.log(1); setInterval(() => {}, 1000)'].map((program) => {
      const child = spawn(process.execPath, ['-e', program]);
      onTestFinished(() => void child.kill('SIGKILL'));
      return { pid: child.pid ?? 0, hasStarted: once(child.stdout, 'data') };
    });
    await Promise.all([worker?.hasStarted, idle?.hasStarted]);
    await expect.poll(() => activityOf(worker?.pid ?? 0).cpuMs, { timeout: 60_000 }).toBeGreaterThan(50);
    // Either may still be starting: its first thread is then busy, too.
    const is = (child: typeof idle) => expect.poll(() => activityOf(child?.pid ?? 0), { timeout: 60_000 });
    await is(worker).toMatchObject({ isBusy: true, runnable: 1 });
    await is(idle).toMatchObject({ isBusy: false, runnable: 0 });
  });

  test('names the process that uses a port', async () => {
    const port = await ports.take();
    const tree = await node(await makeContainment(false), listenOn(port, '127.0.0.1'));
    await untilListening(tree, port);
    expect(holderOf(port)).toMatch(new RegExp(`^node -e .*\\(pid ${tree.pid}\\)$`));
    expect(holderOf(1)).toBeUndefined();
  });
});

test('no port is handed out while a program listens on it', async () => {
  const server = createServer().listen({ port: await ports.take(), host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const taken = (server.address() as AddressInfo).port;
  const handedOut = await Promise.all(Array.from({ length: 50 }, () => new Ports().take()));
  expect(handedOut).not.toContain(taken);
  expect(handedOut.every((port) => port >= 20_000 && port <= 32_767)).toBe(true);
});

test('no port is handed out twice, even to concurrent callers', async () => {
  const [some, others] = [new Ports(), new Ports()];
  const handedOut = await Promise.all(
    Array.from({ length: 200 }, (_, turn) => (turn % 2 ? some : others).take()),
  );
  expect(new Set(handedOut).size).toBe(200);
});

test.runIf(process.platform === 'linux')(
  'no port is handed out that another dynosim may hand out',
  async () => {
    // Below the range of dynos, where no other test claims any.
    const block = 45 + Math.floor(Math.random() * 30);
    const another = createServer().listen(`\0dynosim-ports-${block}`);
    await once(another, 'listening');
    onTestFinished(() => void another.close());
    const range = { from: block * 256 - 1, to: block * 256 + 256 };
    const handedOut = [await new Ports(range).take(), await new Ports(range).take()];
    expect(handedOut.toSorted()).toEqual([range.from, range.to]);
  },
);

test('of many callers, the first one gets its port before the next port is tested', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => listen.mockRestore());
  const [first, second] = [ports.take(), ports.take()];
  await first;
  const tested = listen.mock.calls.length;
  await second;
  expect(listen.mock.calls.length).toBeGreaterThan(tested);
});

test('if all ports of a range are taken, the error says so', async () => {
  const server = createServer().listen({ port: await ports.take(), host: '0.0.0.0' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(new Ports({ from: port, to: port }).take()).rejects.toMatchObject({
    code: 'NO_PORT_LEFT',
    message: `No port between ${port} and ${port} is free`,
  });
});
