import { describe, expect, test } from 'vitest';
import { READ_AHEAD_LIMITS } from '../../../src/router/limits.js';
import { startTlsWorld } from './tls-world.js';
import {
  answering,
  fields,
  listeningTo,
  OK,
  startDyno,
  startWorld,
  untilRead,
  untilStill,
  type Wire,
  type World,
} from './world.js';

const MB = 1 << 20;
const LEFT = { at: 'warning', code: 'H27', status: '499' };

const chunks = (megabytes: number): string => `100000\r\n${'x'.repeat(MB)}\r\n`.repeat(megabytes);
const post = (framing: string, body: string): string =>
  `POST /order HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n${body}`;
const sized = (megabytes: number): string =>
  post(`Content-Length: ${megabytes * MB}`, 'x'.repeat(megabytes * MB));

const ASK = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
const SWITCH = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', ''] as const;

/** A dyno that reads no more than the head of its first request. */
async function startDeafDyno(): ReturnType<typeof startDyno> {
  return startDyno(async (wire) => {
    await wire.until('\r\n\r\n');
    wire.socket.pause();
  });
}

/** A client whose request waits for a dyno. */
async function waiting(world: World, client: Wire, request: string): Promise<Wire> {
  world.backends.set({ kind: 'starting' });
  const [listeners, requests] = [world.backends.listeners, world.backends.requests];
  client.send(request);
  await listeningTo(world, Math.max(1, listeners) + 1);
  expect(world.backends.requests).toBe(requests + 1);
  return client;
}

describe('a client that leaves while its request waits for a dyno is an H27 at once, and no dyno gets it', () => {
  test.each([
    ['a sized body', sized(1)],
    ['a body in chunks', post('Transfer-Encoding: chunked', `${chunks(1)}0\r\n\r\n`)],
    ['half a body', post(`Content-Length: ${9 * MB}`, 'x'.repeat(4 * MB))],
    ['an upgrade, and what follows it', `${ASK}${'x'.repeat(MB)}`],
  ])('%s', async (_, request) => {
    const world = await startWorld();
    const client = await waiting(world, await world.connect(), request);
    client.socket.end();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ ...LEFT, dyno: '', bytes: '' });
    await client.closed();
    const { backend, wires } = await startDyno(answering(...OK));
    world.backends.up(backend);
    await (await world.connect()).send('GET / HTTP/1.1', 'Host: a', '', '').until('ok');
    expect(wires.items.map(({ all }) => all.split(' ')[0])).toEqual(['GET']);
  });

  test('by TLS', async () => {
    const world = await startTlsWorld();
    const client = await waiting(world, await world.secure(), sized(1));
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ ...LEFT, dyno: '' });
  });
});

describe('a body larger than the read-ahead limit', () => {
  test('does not go to a dyno if its client has left meanwhile', async () => {
    const world = await startWorld();
    const client = await waiting(world, await world.connect(), sized(30));
    await untilStill(() => client.socket.writableLength);
    const { remotePort: port = 0 } = client.socket;
    client.socket.destroySoon();
    await untilStill(() => client.socket.writableLength);
    expect(world.log.items).toEqual([]);
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    await wires.count(1);
    await client.closed();
    await untilRead(port);
    await world.clock.advance(50);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ ...LEFT, dyno: '' });
    await wires.items[0]?.ended();
    expect(wires.items[0]?.all ?? '').toBe('');
  });

  test.each([30, 100])('arrives once its client has been seen to be there: %i MB', async (megabytes) => {
    const world = await startWorld();
    const client = await waiting(world, await world.connect(), sized(megabytes));
    await untilStill(() => client.socket.writableLength);
    const { backend, wires } = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
    });
    world.backends.up(backend);
    await wires.count(1);
    while (!client.text.includes('ok')) {
      await untilStill(() => client.socket.writableLength);
      await world.clock.advance(READ_AHEAD_LIMITS.quietMs);
    }
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '200' });
  });

  test('after another request does not reach a dyno if its client left before the response to that request', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.connect();
    client.send(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${sized(1)}`);
    const [dyno] = await wires.count(1);
    await dyno?.request();
    await untilStill(() => client.socket.writableLength);
    client.socket.end();
    await untilStill(() => client.socket.writableLength);
    dyno?.send(...OK);
    await world.log.count(1);
    while (world.log.items.length < 2) {
      await untilStill(() => client.socket.bytesRead);
      await world.clock.advance(READ_AHEAD_LIMITS.quietMs);
    }
    expect(fields(world.log.items[1])).toMatchObject({ ...LEFT, path: '/order', dyno: '' });
    for (const wire of wires.items) expect(wire.all).not.toContain('POST');
  });
});

test('a client that leaves while a dyno does not read its upload is an H27 at once', async () => {
  const world = await startWorld();
  const { backend, wires } = await startDeafDyno();
  world.backends.up(backend);
  const client = await world.connect();
  client.send(sized(12));
  await wires.count(1);
  client.socket.end();
  await world.log.count(1);
  expect(fields(world.log.items[0])).toMatchObject({ ...LEFT, dyno: 'web.1' });
});

describe('a client that leaves in the middle of its upload, when the answer has begun, is an H27 at once', () => {
  test.each([
    ['closes its half', (client: Wire) => client.socket.end()],
    ['resets', (client: Wire) => client.socket.resetAndDestroy()],
  ])('%s', async (_, leave) => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(async (wire) => {
      await wire.until('four');
      wire.send('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '4', 'four', '');
    });
    world.backends.up(backend);
    const client = await world.connect();
    await client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 9', '', 'four').until('four');
    leave(client);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject(LEFT);
    await wires.items[0]?.ended();
  });
});

test('a client that closes its half and reads no more of a large answer is an H27 at once', async () => {
  const world = await startWorld();
  const body = 'x'.repeat(40 * MB);
  const { backend, wires } = await startDyno(
    answering('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, '', body),
  );
  world.backends.up(backend);
  const client = await world.connect();
  client.socket.pause();
  client.send('GET / HTTP/1.1', 'Host: a', '', '');
  const [dyno] = await wires.count(1);
  await untilStill(() => dyno?.socket.writableLength ?? 0);
  client.socket.end();
  await world.log.count(1);
  expect(fields(world.log.items[0])).toMatchObject(LEFT);
});

describe('a client that closes its half of an upgraded connection', () => {
  async function tunnel(
    dyno: Awaited<ReturnType<typeof startDyno>>,
  ): Promise<{ world: World; client: Wire }> {
    const world = await startWorld();
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await client.send(ASK).until('\r\n\r\n');
    return { world, client };
  }

  test('ends it: the line is written, and a dyno that does not close its side is cut off', async () => {
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...SWITCH);
    });
    const { world, client } = await tunnel(dyno);
    client.send('bye').socket.end();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '101' });
    await client.closed();
    const [wire] = dyno.wires.items;
    expect(await wire?.ended()).toMatch(/bye$/);
    await world.clock.advance(5000);
    // The first write finds no receiver, the second one fails.
    await wire?.send('x').send('x').closed();
  });

  test('ends it although the dyno does not read, which still gets all of it', async () => {
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...SWITCH).socket.pause();
    });
    const { world, client } = await tunnel(dyno);
    client.send('x'.repeat(12 * MB)).socket.end();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '101' });
    const [wire] = dyno.wires.items;
    wire?.socket.resume();
    expect(await wire?.ended()).toHaveLength(12 * MB);
  });
});
