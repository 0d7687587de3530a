import { describe, expect, test } from 'vitest';
import { READ_AHEAD_LIMITS } from '../../../src/router/limits.js';
import {
  answering,
  fields,
  listeningTo,
  startDyno,
  startWorld,
  untilStill,
  type Wire,
  type World,
} from './world.js';

const get = (path: string | number): string => `GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const numbered = (n: number): string => Array.from({ length: n }, (_, i) => get(i)).join('');
const pathsOf = (dyno: Wire | undefined): readonly string[] =>
  [...(dyno?.all ?? '').matchAll(/^GET \/(\S+)/gm)].map(([, path = '']) => path);

/** From a dyno that lets its connection be used again, also for uploads. */
const ANSWER = ['HTTP/1.1 200 OK', 'Keep-Alive: timeout=5', 'Content-Length: 2', '', 'ok'] as const;

/** A dyno that responds on command, and has the first of a client's requests. */
async function withFirst(...behind: readonly string[]): Promise<{
  readonly world: World;
  readonly client: Wire;
  readonly dyno: Wire;
}> {
  const world = await startWorld();
  const { backend, wires } = await startDyno(() => {});
  world.backends.up(backend);
  const client = await world.connect();
  client.send([get('first'), ...behind].join(''));
  const [dyno] = await wires.count(1);
  if (dyno === undefined) throw new Error('No connection');
  await dyno.request();
  return { world, client, dyno };
}

describe('pipelined requests', () => {
  test('are served one by one, in order', async () => {
    const { world, client, dyno } = await withFirst(get('second'), get('third'));
    await untilStill(() => dyno.socket.bytesRead);
    expect(dyno.text).toBe('');
    expect(world.backends.requests).toBe(1);
    dyno.send(...ANSWER);
    expect(await dyno.request()).toMatch(/^GET \/second /);
    await world.log.count(1);
    expect(world.log.items).toHaveLength(1);
    dyno.send('HTTP/1.1 200 OK', 'Content-Length: 3', '', 'two');
    expect(await dyno.request()).toMatch(/^GET \/third /);
    dyno.send('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'three');
    expect(await client.until('three')).toMatch(/ok.*two.*three$/s);
    await world.log.count(3);
    expect(world.log.items.map((line) => fields(line).path)).toEqual(['/first', '/second', '/third']);
  });

  test('count from when they begin', async () => {
    const { world, dyno } = await withFirst(get('second'));
    await world.clock.advance(29_000);
    dyno.send(...ANSWER);
    await dyno.request();
    await world.clock.advance(29_000);
    dyno.send(...ANSWER);
    await world.log.count(2);
    expect(world.log.items.map((line) => fields(line).service)).toEqual(['29000ms', '29000ms']);
    expect(world.backends.firstBytes).toEqual([29_000, 29_000]);
  });

  test('leave the dyno to others, however many they are', async () => {
    const { world, dyno } = await withFirst(numbered(1000));
    await untilStill(() => dyno.socket.bytesRead);
    const other = await world.connect();
    other.send(get('other'));
    await expect.poll(() => world.backends.requests).toBe(2);
    await untilStill(() => world.log.items.length);
    expect(world.log.items).toEqual([]);
  });

  test('are not read beyond the first ones', async () => {
    const { world, client, dyno } = await withFirst(get('').repeat(800_000));
    const left = (): number => client.socket.writableLength;
    await untilStill(left);
    const before = left();
    expect(before).toBeGreaterThan(8_000_000);
    for (let i = 0; i < 5; i += 1) {
      dyno.send(...ANSWER);
      await dyno.request();
    }
    await untilStill(left);
    expect(left()).toBe(before);
    client.socket.destroy();
    dyno.send(...ANSWER);
    await world.log.count(6);
  });

  test('are not read either once the client takes an answer that was held back', async () => {
    const { world, client, dyno } = await withFirst();
    const large = 20_000_000;
    client.socket.pause();
    dyno.send('HTTP/1.1 200 OK', `Content-Length: ${2 * large}`, '', 'x'.repeat(large));
    await untilStill(() => dyno.socket.writableLength);
    const left = (): number => client.socket.writableLength;
    client.send(get('').repeat(800_000));
    await untilStill(left);
    const before = left();
    expect(before).toBeGreaterThan(8_000_000);
    client.socket.resume();
    await client.bytes(large);
    await untilStill(left);
    expect(left()).toBe(before);
    expect(world.log.items).toEqual([]);
  });

  test('are all read in the end', async () => {
    const padded = get('').replace('\r\n\r\n', `\r\nX: ${'x'.repeat(4000)}\r\n\r\n`);
    const { world, client, dyno } = await withFirst(padded.repeat(5000));
    await untilStill(() => client.socket.writableLength);
    expect(client.socket.writableLength).toBeGreaterThan(8_000_000);
    answering(...ANSWER)(dyno).catch(() => {});
    dyno.send(...ANSWER);
    await world.log.count(5001);
    expect(world.log.items.filter((line) => !line.includes('status=200'))).toEqual([]);
  });

  test('go out in order, on one connection, while the client reads', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...ANSWER));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    client.send(numbered(3000));
    await world.log.count(3000);
    expect(dyno.wires.items).toHaveLength(1);
    expect(pathsOf(dyno.wires.items[0])).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)));
    await expect.poll(() => client.all.match(/\r\n\r\nok/g)).toHaveLength(3000);
  });

  test.each([
    ['Content-Length: 5000000', 'x'.repeat(5_000_000)],
    ['Transfer-Encoding: chunked', `${`10000\r\n${'x'.repeat(0x10000)}\r\n`.repeat(50)}0\r\n\r\n`],
  ])('wait with their bodies: %s', async (framing, body) => {
    const { world, client, dyno } = await withFirst(
      numbered(30),
      `POST /upload HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n${body}`,
      get('last'),
    );
    await untilStill(() => client.socket.writableLength);
    for (let i = 0; i < 30; i += 1) {
      dyno.send(...ANSWER);
      expect(await dyno.request()).toMatch(new RegExp(`^GET /${i} `));
    }
    dyno.send(...ANSWER);
    await world.log.count(31);
    // The client might have left: the router first reads on until it is silent.
    while (dyno.text === '') {
      await untilStill(() => client.socket.writableLength);
      await world.clock.advance(READ_AHEAD_LIMITS.quietMs);
    }
    await dyno.until(/x(?:\r\n0\r\n\r\n)?$/);
    await untilStill(() => dyno.text.length);
    expect(dyno.text.replace(/^.*?\r\n\r\n/s, '').replaceAll(/[^x]/g, '')).toBe(body.replaceAll(/[^x]/g, ''));
    dyno.take();
    dyno.send(...ANSWER);
    expect(await dyno.request()).toMatch(/^GET \/last /);
    dyno.send(...ANSWER);
    await world.log.count(33);
  });

  test('that wait have no line if the client leaves', async () => {
    const { world, client, dyno } = await withFirst(numbered(10));
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', path: '/first' });
    await dyno.ended();
    await untilStill(() => world.log.items.length);
    expect(world.log.items).toHaveLength(1);
    expect(pathsOf(dyno)).toEqual(['first']);
  });

  test('that wait for a dyno which does not come are refused one after another', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await world.connect();
    client.send(get(1) + get(2));
    await listeningTo(world, 2);
    await world.clock.advance(75_000);
    await world.log.count(1);
    await listeningTo(world, 2);
    await world.clock.advance(74_999);
    expect(world.log.items).toHaveLength(1);
    await world.clock.advance(1);
    await world.log.count(2);
    expect(world.log.items.map((line) => fields(line).code)).toEqual(['H20', 'H20']);
  });

  test('with a bad chunk are a 400 when it is their turn, and reach no dyno', async () => {
    const { world, client, dyno } = await withFirst(
      get('second'),
      'POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\nzz\r\n',
    );
    await untilStill(() => client.socket.bytesWritten);
    dyno.send(...ANSWER);
    expect(await dyno.request()).toMatch(/^GET \/second /);
    dyno.send(...ANSWER);
    expect(await client.ended()).toMatch(/ 200 OK.* 200 OK.*HTTP\/1\.1 400 Bad Request.*bad chunk/s);
    client.socket.end();
    await client.closed();
    expect(client.text.match(/ 400 /g)).toHaveLength(1);
    await world.log.count(3);
    expect(fields(world.log.items[2])).toMatchObject({ path: '/bad', status: '400', dyno: '' });
    expect(dyno.text).toBe('');
  });

  test('that are malformed get a 400 after the last response', async () => {
    const { client, dyno } = await withFirst(get('second'), 'nonsense\r\n\r\n');
    await untilStill(() => client.socket.bytesWritten);
    dyno.send(...ANSWER);
    await dyno.request();
    dyno.send(...ANSWER);
    expect(await client.ended()).toMatch(/ 200 OK.* 200 OK.*HTTP\/1\.1 400 Bad request/s);
  });

  test.each([
    ['many, before it begins', 50_000, 0],
    ['many, before it ends', 0, 50_000],
    ['few, before it begins', 5, 0],
    ['few, before it ends', 0, 5],
  ])(
    'behind an answer that closes the connection are not begun, and it arrives: %s',
    async (_, before, during) => {
      const world = await startWorld();
      const { backend, wires } = await startDyno(() => {});
      world.backends.up(backend);
      const client = await world.connect();
      const post = 'POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello';
      client.send(post + numbered(before));
      const [dyno] = await wires.count(1);
      await dyno?.until('hello');
      dyno?.send('HTTP/1.1 200 OK', 'Connection: close', '', 'begun');
      await client.until('begun');
      client.send(numbered(during));
      await untilStill(() => client.socket.writableLength);
      dyno?.send(' and over').socket.end();
      expect(await client.ended()).toMatch(/\r\n\r\nbegun and over$/);
      // A client that writes everything before it reads must get there.
      const isTaken = new Promise((resolve) => client.socket.once('drain', resolve));
      client.send(numbered(500_000));
      await Promise.race([isTaken, client.closed()]);
      expect([client.isClosed, client.socket.writableLength]).toEqual([false, 0]);
      client.socket.end();
      await client.closed();
      await world.log.count(1);
      expect(world.log.items).toHaveLength(1);
      expect(wires.items).toHaveLength(1);
    },
  );
});

describe('an upgrade after many requests', () => {
  const SWITCH = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', ''];

  test('happens in its turn, with the bytes after it', async () => {
    const { client, dyno } = await withFirst(
      numbered(100),
      'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      'early',
    );
    await untilStill(() => client.socket.bytesWritten);
    client.send(' bird');
    for (let i = 0; i < 101; i += 1) {
      dyno.send(...ANSWER);
      await dyno.request();
    }
    dyno.send(...SWITCH);
    await client.until(' 101 ');
    await dyno.until('early bird');
    dyno.send('pong');
    await client.until('pong');
    client.socket.destroy();
  });

  test('is an ordinary request if it has a body', async () => {
    const body = 'x'.repeat(300_000);
    const { world, client, dyno } = await withFirst(
      numbered(100),
      'POST /h2c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n',
      `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    await untilStill(() => client.socket.bytesWritten);
    for (let i = 0; i < 101; i += 1) {
      dyno.send(...ANSWER);
      if (i < 100) await dyno.request();
    }
    // Newer versions of Node have not detached the connection: the router first reads on until the client is silent.
    while (dyno.text === '') await world.clock.advance(READ_AHEAD_LIMITS.quietMs);
    expect(await dyno.request()).toContain(body);
    dyno.send(...ANSWER);
    await client.ended();
    await world.log.count(102);
    expect(client.all.match(/ 200 OK/g)).toHaveLength(102);
  });
});
