import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { connectProbe, type PortProbe, PortWatch, procProbe } from '../../../src/dynos/readiness.js';

async function listen(host: string, options: { ipv6Only?: boolean } = {}): Promise<number> {
  const server = createServer((socket) => socket.end());
  server.listen({ host, port: 0, ...options });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const find = async (probe: PortProbe, root: number, port: number) => (await probe.find([{ root, port }]))[0];

describe.runIf(process.platform === 'linux')('by /proc', () => {
  test.each([
    ['0.0.0.0', {}, { host: '127.0.0.1', loopbackOnly: false }],
    ['::', {}, { host: '::1', loopbackOnly: false }],
    ['::', { ipv6Only: true }, { host: '::1', loopbackOnly: false }],
    ['127.0.0.1', {}, { host: '127.0.0.1', loopbackOnly: true }],
    ['127.0.0.5', {}, { host: '127.0.0.5', loopbackOnly: true }],
    ['::1', {}, { host: '::1', loopbackOnly: true }],
  ])('finds what listens on %s %j and where to reach it', async (host, options, expected) => {
    const port = await listen(host, options);
    const found = await find(procProbe, process.pid, port);
    expect(found).toEqual({ port, ...expected });
    const socket = connect({ host: found?.host ?? '', port });
    await once(socket, 'connect');
    socket.destroy();
  });

  test('does not take a stranger on the port for the dyno', async () => {
    const port = await listen('127.0.0.1');
    const other = spawn('sleep', ['1000']);
    onTestFinished(() => void other.kill());
    expect(await find(procProbe, other.pid ?? 0, port)).toBeUndefined();
  });

  test('finds a grandchild that listens, among threads of children', async () => {
    const listener = `
      const { spawn } = require('node:child_process');
      const code = "require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
      spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'inherit', 'inherit'] });`;
    const child = spawn(process.execPath, ['-e', listener], { detached: true });
    onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
    const port = Number((await once(child.stdout, 'data'))[0]);
    expect(await find(procProbe, child.pid ?? 0, port)).toMatchObject({ port });
    expect(procProbe.portsOf({ root: child.pid ?? 0, port: 1 })).toEqual([port]);
  });

  test('a process that is gone listens nowhere', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(await find(procProbe, child.pid ?? 0, 1)).toBeUndefined();
    expect(procProbe.portsOf({ root: child.pid ?? 0, port: 1 })).toEqual([]);
  });

  test('finds it among hundreds of open connections', async () => {
    const port = await listen('127.0.0.1');
    const sockets = Array.from({ length: 500 }, () => connect({ host: '127.0.0.1', port }));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await find(procProbe, process.pid, port)).toMatchObject({ port });
  });
});

describe('by connecting', () => {
  test.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('finds what listens on %s', async (host) => {
    const port = await listen(host);
    expect(await find(connectProbe, 0, port)).toMatchObject({ port });
  });

  test('finds nothing where nothing listens', async () => {
    expect(await find(connectProbe, 0, 1)).toBeUndefined();
  });
});

test('the watch sees a bind that comes later', async () => {
  const watch = new PortWatch(systemClock, process.platform === 'linux' ? procProbe : connectProbe);
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const listening = new Promise((resolve) => {
    watch.watch({ root: process.pid, port }, { listening: resolve, elsewhere: () => {} });
  });
  server.listen({ host: '127.0.0.1', port });
  expect(await listening).toMatchObject({ port, host: '127.0.0.1' });
});
