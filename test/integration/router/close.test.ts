import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemTime } from '../../../src/base/clock.js';
import { errorCode } from '../../../src/base/errors.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import { startRouter } from '../../../src/router/server.js';
import {
  answering,
  fields,
  listening,
  listeningTo,
  OK,
  startDyno,
  startWorld,
  untilRead,
  type Wire,
} from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: a', '', ''] as const;

describe('closing', () => {
  test('refuses waiting requests, and lets those with a dyno finish', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const busy = await world.connect();
    busy.send(...GET);
    const [dyno] = await wires.count(1);
    await dyno?.request();
    world.backends.set({ kind: 'starting' });
    const waiting = await world.connect();
    waiting.send(...GET);
    while (world.backends.listeners < 2) await new Promise((resolve) => setImmediate(resolve));

    const { port } = world.router;
    let isClosed = false;
    const dynosGone = new Promise<void>(() => {});
    const closing = world.router.close(dynosGone).then(() => {
      isClosed = true;
    });
    expect(await waiting.ended()).toMatch(/^HTTP\/1\.1 503 .*Connection: close\r\n/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '503', dyno: '' });
    expect(isClosed).toBe(false);
    dyno?.send(...OK);
    expect(await busy.ended()).toMatch(/Connection: close\r\n\r\nok$/);
    await closing;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test('refuses requests that wait to be sent again', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
      await wire.request();
      dyno.server.close();
      wire.socket.destroy();
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await client.send(...GET).until('ok');
    client.send(...GET);
    await listeningTo(world, 2);
    const closing = world.router.close(new Promise(() => {}));
    expect(await client.ended()).toMatch(/ 503 .*Connection: close\r\n/s);
    client.socket.end();
    await closing;
  });

  test('a partial request gets a 503; a request after another one gets no response', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const [busy, slow] = [await world.connect(), await world.connect()];
    const [line = '', ...others] = GET;
    slow.send(line, '');
    busy.send([...GET, ...GET].join('\r\n'));
    const [dyno] = await wires.count(1);
    await dyno?.request();
    await untilRead(world.router.port);
    const closing = world.router.close(new Promise(() => {}));
    expect(await slow.send(...others).ended()).toMatch(/^HTTP\/1\.1 503 .*Connection: close\r\n/s);
    dyno?.send(...OK);
    expect(await busy.ended()).toMatch(/^HTTP\/1\.1 200 .*Connection: close\r\n\r\nok$/s);
    for (const client of [busy, slow]) client.socket.end();
    await closing;
    await world.log.count(2);
    expect(world.log.items.map((line) => fields(line).status)).toEqual(['503', '200']);
  });

  test('cuts off what outlives the dynos by a second', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 10', '', 'four');
    const [dyno] = await wires.count(1);
    await dyno?.until('four');
    const closing = world.router.close(Promise.resolve());
    await world.clock.advance(999);
    expect(client.isEnded).toBe(false);
    await world.clock.advance(1);
    await closing;
    await client.ended();
    await dyno?.ended();
    await world.log.count(1);
    expect(world.log.items).toHaveLength(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '503', dyno: 'web.1' });
  });

  test('ends tunnels and idle connections, and can be asked for twice', async () => {
    const world = await startWorld();
    const { backend } = await startDyno(async (wire: Wire) => {
      await wire.request();
      wire.send('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', '');
    });
    world.backends.up(backend);
    const [idle, tunnel] = [await world.connect(), await world.connect()];
    tunnel.send('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: x', '', '');
    await tunnel.until('101');
    const closing = world.router.close(Promise.reject(new Error('a dyno would not stop')));
    expect(world.router.close()).toBe(closing);
    await world.clock.advance(1000);
    await closing;
    await Promise.all([idle.ended(), tunnel.ended()]);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '101' });
  });
});

describe('listening', () => {
  test('is on both loopback addresses and one port', async () => {
    const world = await startWorld();
    const router = await startRouter({
      findApp: () => ({ name: 'my-app', backends: world.backends, log: () => {} }),
      time: systemTime(),
      timeouts: REAL_TIMEOUTS,
      dynoKeepAlive: true,
      port: 0,
    });
    onTestFinished(() => router.close());
    const { backend } = await startDyno(
      answering('HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 2', '', 'ok'),
    );
    world.backends.up(backend);
    for (const host of ['127.0.0.1', '[::1]']) {
      const response = await fetch(`http://${host}:${router.port}/`);
      expect(await response.text()).toBe('ok');
    }
  });

  test('on a taken port fails with the system’s error, and leaves nothing open', async () => {
    const taken = createServer();
    onTestFinished(() => void taken.close());
    const port = await new Promise<number>((resolve) => {
      taken.listen({ host: '::1', port: 0 }, () => {
        const address = taken.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
      });
    });
    const failing = startWorld({ port, host: '::1' });
    await expect(failing).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    const both = await startRouter({
      findApp: () => undefined,
      time: systemTime(),
      timeouts: REAL_TIMEOUTS,
      dynoKeepAlive: true,
      port,
    }).catch(errorCode);
    expect(both).toBe('EADDRINUSE');
    const first = createServer();
    onTestFinished(() => void first.close());
    // 127.0.0.1 was free, and is again.
    await new Promise<void>((resolve, reject) => {
      first.once('error', reject);
      first.listen({ host: '127.0.0.1', port }, resolve);
    });
    expect(await listening(createServer().unref())).toBeGreaterThan(0);
  });
});
