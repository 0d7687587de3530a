import { describe, expect, test } from 'vitest';
import { answering, fields, listeningTo, OK, startDyno, startWorld, type Wire, type World } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: a', 'User-Agent: me', '', ''] as const;

/** A client whose request is held. */
async function held(world: World, path = '/'): Promise<Wire> {
  // The router listens itself, and each request that waits.
  const waiting = Math.max(1, world.backends.listeners) + 1;
  const client = await world.connect();
  client.send(`GET ${path} HTTP/1.1`, 'Host: a', 'User-Agent: me', '', '');
  await listeningTo(world, waiting);
  return client;
}

describe('while no dyno is up', () => {
  test('requests wait, and go out in the order in which they came', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const clients: Wire[] = [];
    for (let i = 0; i < 20; i += 1) clients.push(await held(world, `/${i}`));
    // A change that changes nothing does not upset the order.
    world.backends.set({ kind: 'starting' });
    await world.clock.advance(70_000);
    const order: string[] = [];
    const dyno = await startDyno(async (wire) => {
      order.push((await wire.request()).split(' ')[1] ?? '');
      wire.send(...OK);
    });
    const now = world.clock.now();
    const boot = { beganAt: now - 65_000, spawnedAt: now - 60_000, upAt: now - 1000 };
    world.backends.up({ ...dyno.backend, boot });
    await Promise.all(clients.map((client) => client.until('ok')));
    expect(order).toEqual(clients.map((_, i) => `/${i}`));
    await world.log.count(20);
    // The wait is not the dyno's time.
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'info',
      service: '0ms',
      connect: '0ms',
      dyno: 'web.1',
    });
    expect(world.entries[0]?.brief?.()).toBe('GET /0 200 0ms (waited 70.0s) web.1');
    expect(world.entries[0]?.router).toMatchObject({
      isHeld: true,
      timeline: { queuedMs: 6000, delayMs: 5000, bootMs: 59_000, totalMs: 70_000 },
    });
  });

  test('a request to an idle app wakes it, with its cause', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.set({ kind: 'idle' });
    world.backends.onWake = () => queueMicrotask(() => world.backends.set({ kind: 'starting' }));
    const client = await held(world, '/a%20b?c');
    expect(world.backends.wakes).toEqual([
      { method: 'GET', path: '/a%20b?c', client: '127.0.0.1', userAgent: 'me' },
    ]);
    world.backends.up(dyno.backend);
    await client.until('ok');
  });

  test('H20 after 75 s', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await held(world);
    await world.clock.advance(74_999);
    expect(client.text).toBe('');
    await world.clock.advance(1);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H20/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H20',
      desc: 'App boot timeout',
      dyno: '',
      connect: '',
      service: '',
      status: '503',
      bytes: '',
    });
  });

  test('H10 as soon as all have crashed', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await held(world);
    world.backends.set({ kind: 'crashed' });
    expect(await client.until('</html>')).toMatch(/H10/);
  });

  test('H14 as soon as they are scaled to none', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await held(world);
    world.backends.set({ kind: 'none' });
    expect(await client.until('</html>')).toMatch(/H14/);
  });

  test('a client that leaves is an H27, and affects no other request', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const [leaving, staying] = [await held(world, '/leaving'), await held(world, '/staying')];
    leaving.socket.destroy();
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(
      /^sock=client at=warning code=H27 desc="Client Request Interrupted" method=GET path="\/leaving" .* dyno= connect= service= status=499 bytes= /,
    );
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    await staying.until('ok');
    expect(dyno.wires.items).toHaveLength(1);
    await world.log.count(2);
    expect(world.backends.requests).toBe(0);
  });

  test('H11 for more than 200 that wait', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    for (let i = 0; i < 200; i += 1) (await world.connect()).send(...GET);
    await listeningTo(world, 201);
    const last = await world.connect();
    expect(await last.send(...GET).until('</html>')).toMatch(/H11/);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H11' });
  });
});

test('requests spread evenly over the dynos that are up', async () => {
  const world = await startWorld();
  const dynos = await Promise.all(
    ['web.1', 'web.2', 'web.3'].map((name) => startDyno(answering(...OK), name)),
  );
  const [a, b, c] = dynos.map(({ backend }) => backend);
  if (a && b && c) world.backends.up(a, b, c);
  const client = await world.connect();
  for (let i = 0; i < 300; i += 1) {
    client.take();
    await client.send(...GET).until('ok');
  }
  await world.log.count(300);
  for (const name of ['web.1', 'web.2', 'web.3']) {
    const share = world.log.items.map(fields).filter(({ dyno }) => dyno === name).length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
  }
});
