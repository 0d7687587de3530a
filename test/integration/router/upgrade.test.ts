import { describe, expect, test } from 'vitest';
import { answering, fields, OK, startDyno, startWorld, untilStill, type Wire, type World } from './world.js';

const ASK = [
  'GET /chat HTTP/1.1',
  'Host: a',
  'Connection: keep-alive, Upgrade',
  'Upgrade: WebSocket',
  'Sec-WebSocket-Key: k',
  '',
  '',
] as const;
const SWITCH = [
  'HTTP/1.1 101 Switching Protocols',
  'upgrade: websocket',
  'Connection: Upgrade',
  '',
  '',
] as const;

/** A tunnel between a client and a dyno. */
async function tunnel(): Promise<{ readonly world: World; readonly client: Wire; readonly dyno: Wire }> {
  const world = await startWorld();
  const { backend, wires } = await startDyno(async (wire) => {
    await wire.request();
    wire.send(...SWITCH);
  });
  world.backends.up(backend);
  const client = await world.connect();
  client.send(...ASK);
  const [dyno] = await wires.count(1);
  if (dyno === undefined) throw new Error('No connection');
  expect(await client.until('\r\n\r\n')).toBe(SWITCH.join('\r\n'));
  client.take();
  return { world, client, dyno };
}

describe('an upgrade', () => {
  test('carries bytes both ways, and is logged when it ends', async () => {
    const { world, client, dyno } = await tunnel();
    expect(dyno.all).toMatch(
      /\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k\r\n.*\r\nConnection: Upgrade\r\n\r\n$/s,
    );
    client.send('ping');
    await dyno.until('ping');
    dyno.send('pong!');
    await client.until('pong!');
    await world.clock.advance(50_000);
    expect(world.log.items).toEqual([]);
    expect(world.backends).toMatchObject({ requests: 1, websockets: 1 });
    client.send('bye').socket.end();
    expect(await dyno.ended()).toMatch(/bye$/);
    expect(await client.closed()).toBe('pong!');
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'info',
      path: '/chat',
      dyno: 'web.1',
      connect: '0ms',
      service: '50000ms',
      status: '101',
      bytes: '5',
    });
    expect(world.backends.requests).toBe(0);
  });

  test('loses no byte that comes together with a head', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(async (wire) => {
      await wire.until('\r\n\r\n');
      wire.send(...SWITCH.slice(0, -1), 'dyno first');
      await wire.ended();
      wire.socket.end();
    });
    world.backends.up(backend);
    const client = await world.connect();
    client.send(...ASK.slice(0, -1), 'client first');
    await client.until('dyno first');
    const [dyno] = await wires.count(1);
    await dyno?.until(/client first$/);
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '101', bytes: '10' });
  });

  test('sends the dyno nothing before it has agreed', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.connect();
    client.send(...ASK.slice(0, -1), 'GET /admin HTTP/1.1', 'Host: a', '', '');
    const [dyno] = await wires.count(1);
    await dyno?.until('\r\n\r\n');
    client.send('more');
    dyno?.send(...OK);
    expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n\r\nok$/s);
    expect(dyno?.all).toMatch(/Connection: Upgrade\r\n\r\n$/);
    await world.log.count(1);
    expect(world.log.items).toHaveLength(1);
    expect(fields(world.log.items[0])).toMatchObject({ status: '200', bytes: '2' });
  });

  test('comes after the answers to the requests before it', async () => {
    const world = await startWorld();
    const body = 'x'.repeat(1_000_000);
    const { backend } = await startDyno(async (wire) => {
      while (!(await wire.request()).includes('Upgrade'))
        wire.send('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, '', body);
      await wire.send(...SWITCH.slice(0, -1), 'hello').ended();
      return wire.socket.end();
    });
    world.backends.up(backend);
    const client = await world.connect();
    client.send('GET /1 HTTP/1.1', 'Host: a', '', 'GET /2 HTTP/1.1', 'Host: a', '', ASK.join('\r\n'));
    const answers = await client.until('hello');
    expect(answers.replaceAll(/x{1000,}/g, (all) => String(all.length))).toMatch(
      /^HTTP\/1\.1 200 .*\r\n\r\n1000000HTTP\/1\.1 200 .*\r\n\r\n1000000HTTP\/1\.1 101 .*\r\n\r\nhello$/s,
    );
    client.socket.destroy();
    await world.log.count(3);
  });

  test('with a body comes after the answers to the requests before it, too', async () => {
    const world = await startWorld();
    const { backend } = await startDyno(async (wire) => {
      for (;;) {
        await wire.request();
        wire.send(...OK);
      }
    });
    world.backends.up(backend);
    const client = await world.connect();
    const post = ['POST / HTTP/1.1', ...ASK.slice(1, -2), 'Content-Length: 5', '', 'hello'].join('\r\n');
    client.send('GET / HTTP/1.1', 'Host: a', '', 'GET / HTTP/1.1', 'Host: a', '', `${post}${post}`);
    expect((await client.ended()).match(/ 200 OK/g)).toHaveLength(3);
  });

  test.each([ASK.join('\r\n'), 'CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n'])(
    'is not even begun behind the last answer: %j',
    async (second) => {
      const world = await startWorld();
      const { backend } = await startDyno(async (wire) => {
        await wire.until('hello');
        wire.send('HTTP/1.1 200 OK', 'Connection: close', '', 'to the end').socket.end();
      });
      world.backends.up(backend);
      const client = await world.connect();
      client.send(
        'POST / HTTP/1.0',
        'Host: a',
        'Connection: keep-alive',
        'Content-Length: 5',
        '',
        `hello${second}`,
      );
      expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 200 .*to the end$/s);
      await world.log.count(1);
      expect(world.log.items).toHaveLength(1);
    },
  );

  test('that the dyno declines is an ordinary answer, however large', async () => {
    const world = await startWorld();
    const body = 'x'.repeat(5_000_000);
    const { backend } = await startDyno(async (wire) => {
      await wire.request();
      wire.send('HTTP/1.1 426 Upgrade Required', 'Upgrade: h2c', `Content-Length: ${body.length}`, '', body);
    });
    world.backends.up(backend);
    const answer = await world.request(...ASK);
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\nUpgrade: h2c\r\n/);
    expect(answer.split('\r\n\r\n')[1]?.length).toBe(body.length);
  });

  test('with a body is not one: the body arrives, the question does not; then the connection is closed', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(async (wire) => {
      for (;;) {
        await wire.until(/hello$|\r\n0\r\n\r\n$/);
        wire.take();
        wire.send(...OK);
      }
    });
    world.backends.up(backend);
    for (const [framing, body] of [
      ['Content-Length: 5', 'hello'],
      ['Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'],
    ] as const) {
      const answer = await world.request(
        'POST / HTTP/1.1',
        'Host: a',
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: A',
        framing,
        '',
        body,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n\r\nok$/s);
    }
    await world.log.count(2);
    for (const wire of wires.items) expect(wire.all).not.toMatch(/upgrade|h2c|settings/i);
  });

  test('to HTTP/2 counts as not asked for', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(answering(...OK));
    world.backends.up(backend);
    const answer = await world.request(
      'GET / HTTP/1.1',
      'Connection: Upgrade, HTTP2-Settings',
      'Host: a',
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      'Upgrade: h2c',
      'User-Agent: Java-http-client',
      '',
      '',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*ok$/s);
    expect(wires.items[0]?.all).not.toMatch(/upgrade|h2c|settings/i);
    expect(wires.items[0]?.all).toMatch(/\r\nConnection: keep-alive\r\n\r\n$/);
  });

  test('with a bad chunk is a 400, or, if node:http does not report it, an H28; no byte of it is passed on', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno(() => {});
    world.backends.up(backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', ...ASK.slice(1, -2), 'Transfer-Encoding: chunked', '', '4', 'four', '');
    const [dyno] = await wires.count(1);
    await dyno?.until('four');
    client.send('zz', 'GET /admin HTTP/1.1', 'Host: a', '', '');
    await untilStill(() => client.all.length);
    await world.clock.advance(55_000);
    await client.closedByRouter();
    expect(dyno?.all).toMatch(/\r\n\r\n4\r\nfour\r\n$/);
    await world.log.count(1);
    expect(fields(world.log.items[0]).status).toBe(/^v20\./.test(process.version) ? '400' : '499');
    expect(world.log.items).toHaveLength(1);
  });

  test('ends after 55 s without a byte: H15', async () => {
    const { world, client, dyno } = await tunnel();
    await world.clock.advance(54_000);
    client.send('ping');
    await dyno.until('ping');
    await world.clock.advance(54_999);
    expect(world.log.items).toEqual([]);
    await world.clock.advance(1);
    await client.ended();
    await dyno.ended();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H15',
      status: '101',
      service: '109000ms',
    });
  });

  test('may be silent while a debugger is attached to the dyno', async () => {
    const { world, client, dyno } = await tunnel();
    world.backends.debugged.add('web.1');
    await world.clock.advance(3_600_000);
    dyno.send('pong');
    await client.until('pong');
    expect(world.log.items).toEqual([]);
  });

  test('ends for the client when the dyno dies', async () => {
    const { world, client, dyno } = await tunnel();
    dyno.send('last words').socket.destroy();
    expect(await client.closedByRouter()).toBe('last words');
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '101', bytes: '10' });
  });

  test('is held back by the slower side', async () => {
    const { world, client, dyno } = await tunnel();
    dyno.socket.pause();
    const piece = Buffer.alloc(1 << 20);
    for (let i = 0; i < 96; i += 1) client.socket.write(piece);
    await untilStill(() => client.socket.writableLength);
    expect(client.socket.writableLength).toBeGreaterThan(32 << 20);
    client.socket.destroy();
    dyno.socket.destroy();
    await world.log.count(1);
  });

  test('waits for a dyno, and a client that leaves is an H27', async () => {
    const world = await startWorld();
    world.backends.set({ kind: 'starting' });
    const client = await world.connect();
    client.send(...ASK);
    while (world.backends.listeners < 2) await new Promise((resolve) => setImmediate(resolve));
    client.socket.end();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', status: '499', dyno: '' });
  });

  test('gets an error page like any request', async () => {
    const world = await startWorld();
    expect(await world.request(...ASK)).toMatch(/^HTTP\/1\.1 503 .*Connection: close\r\n.*H14/s);
  });

  test('no longer counts as a request in flight', async () => {
    const { world } = await tunnel();
    const clients = await Promise.all(Array.from({ length: 210 }, () => world.connect()));
    for (const client of clients) expect(await client.send(...ASK).until('\r\n\r\n')).toMatch(/ 101 /);
  });
});
