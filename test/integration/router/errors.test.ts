import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import type { Backend } from '../../../src/router/backends.js';
import {
  answering,
  fields,
  listeningTo,
  OK,
  startDyno,
  startWorld,
  untilStill,
  type Wire,
  type World,
} from './world.js';

const GET = ['GET /a%20b HTTP/1.1', 'Host: localhost:5006', '', ''] as const;
const CLOSING_GET = ['GET / HTTP/1.1', 'Host: a', 'Connection: close', '', ''] as const;

/** The page's length, if the answer is one of the router's pages. */
function pageBytes(answer: string): string {
  const [head = '', page = ''] = answer.split('\r\n\r\n');
  expect(head).toContain('\r\nContent-Type: text/html; charset=utf-8\r\n');
  expect(head).toContain('\r\nCache-Control: no-cache, no-store\r\n');
  expect(head).toContain(`\r\nContent-Length: ${Buffer.byteLength(page, 'latin1')}\r\n`);
  return String(Buffer.byteLength(page, 'latin1'));
}

/** A dyno that has been sent `GET`, and the client that waits for it. */
async function dispatched(
  given: { readonly request?: readonly string[] } = {},
): Promise<{ readonly world: World; readonly client: Wire; readonly dyno: Wire }> {
  const world = await startWorld();
  const { backend, wires } = await startDyno(() => {});
  world.backends.up(backend);
  const client = await world.connect();
  client.send(...(given.request ?? GET));
  const [dyno] = await wires.count(1);
  if (dyno === undefined) throw new Error('No connection');
  await dyno.until('\r\n\r\n');
  return { world, client, dyno };
}

/** A dyno whose event loop is stuck, and whose queue of connections is full: a further one is never taken. */
async function deafDyno(): Promise<Backend> {
  const stuck = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer();
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => stuck.once('message', resolve));
  // Linux accepts one more than the backlog.
  const taken = [0, 1].map(() => connect({ host: '127.0.0.1', port }));
  onTestFinished(async () => {
    for (const socket of taken) socket.destroy();
    await stuck.terminate();
  });
  await Promise.all(taken.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  return { id: 'deaf', dyno: 'web.1', host: '127.0.0.1', port };
}

describe('no dyno, and none to come', () => {
  test.each([
    ['crashed', 'H10', 'error', 'App crashed', 'Application error'],
    ['none', 'H14', 'error', 'No web processes running', 'Application error'],
    ['maintenance', 'H80', 'info', 'Maintenance mode', 'Offline for maintenance'],
    ['exhausted', 'H82', 'info', "You've used up your dyno hour pool", 'Application error'],
  ] as const)('%s: %s at once', async (kind, code, at, desc, title) => {
    const world = await startWorld();
    world.backends.set({ kind });
    const client = await world.connect();
    const answer = await client.send(...GET).until('</html>');
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(answer).toContain(code);
    expect(answer).toContain(`<h1>${title}</h1>`);
    pageBytes(answer);
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(
      new RegExp(
        `^at=${at} code=${code} desc="${desc}" method=GET path="/a b" host=localhost:5006 request_id=\\S{36} ` +
          'fwd="127.0.0.1" dyno= connect= service= status=503 bytes= protocol=http1.1 tls=false$',
      ),
    );
    expect(world.entries[0]).toMatchObject({ source: 'heroku', dyno: 'router' });
    expect(world.entries[0]?.brief?.()).toBe(`GET /a b 503 ${code} ${desc}`);
    // The connection stays open.
    world.backends.up((await startDyno(answering(...OK))).backend);
    client.take();
    await client.send(...GET).until('ok');
  });

  test('H99: a bug of the router’s own, whose stack is in the log', async () => {
    const world = await startWorld();
    world.backends.readiness = () => {
      throw new Error('ours');
    };
    const client = await world.connect();
    expect(await client.send(...GET).until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H99/s);
    await world.log.count(2);
    expect(world.entries[0]).toMatchObject({
      source: 'dynosim',
      dyno: 'router',
      line: expect.stringMatching(/^Bug .*ours/),
    });
    expect(fields(world.log.items[1])).toMatchObject({
      code: 'H99',
      desc: 'Platform error',
      dyno: '',
      status: '503',
    });
    world.backends.readiness = () => ({ kind: 'none' });
  });

  test('H11: more requests than 200 per dyno', async () => {
    const world = await startWorld();
    const { backend } = await startDyno(() => {});
    world.backends.up(backend);
    const clients = await Promise.all(Array.from({ length: 200 }, () => world.connect()));
    for (const client of clients) client.send(...GET);
    while (world.backends.requests < 200) await new Promise((resolve) => setImmediate(resolve));
    const answer = await world.request(...CLOSING_GET);
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*H11/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      code: 'H11',
      desc: 'Backlog too deep',
      dyno: '',
      bytes: '',
    });
    for (const client of clients) client.socket.destroy();
    await world.log.count(201);
  });
});

describe('a dyno that does not answer', () => {
  test('H12: silent for 30 s', async () => {
    const { world, client, dyno } = await dispatched();
    await world.clock.advance(29_999);
    expect(client.text).toBe('');
    await world.clock.advance(1);
    const answer = await client.until('</html>');
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*H12/s);
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(/^at=error code=H12 desc="Request timeout" method=GET path="\/a b" /);
    expect(fields(world.log.items[0])).toMatchObject({
      dyno: 'web.1',
      connect: '0ms',
      service: '30000ms',
      status: '503',
      bytes: pageBytes(answer),
    });
    expect(world.entries[0]?.brief?.()).toBe('GET /a b 503 H12 Request timeout 30000ms web.1');
    await dyno.ended();
  });

  test('has all the time while a debugger is attached to it, and 30 s when the debugger leaves', async () => {
    const { world, client, dyno } = await dispatched();
    world.backends.debugged.add('web.1');
    await world.clock.advance(3_600_000);
    dyno.send('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'he');
    await client.until('he');
    // In the middle of the response, too: no H15.
    await world.clock.advance(3_600_000);
    dyno.send('llo');
    expect(await client.until('hello')).toMatch(/^HTTP\/1\.1 200 /);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ status: '200', service: '7200000ms' });
  });

  test('is late 30 s after the debugger has left, and at once if it is that of another dyno', async () => {
    const { world, client } = await dispatched();
    world.backends.debugged.add('web.1');
    await world.clock.advance(45_000);
    world.backends.debugged.clear();
    world.backends.debugged.add('web.2');
    await world.clock.advance(30_000);
    expect(client.text).toBe('');
    await world.clock.advance(1000);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H12/s);
  });

  test('H13: closes the connection', async () => {
    const { world, client, dyno } = await dispatched();
    dyno.socket.end();
    await listeningTo(world, 2);
    await world.clock.advance(10);
    const answer = await client.until('</html>');
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*H13/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H13',
      desc: 'Connection closed without response',
      dyno: 'web.1',
      status: '503',
      bytes: pageBytes(answer),
    });
  });

  test('H13: also in the middle of the head', async () => {
    const { client, dyno } = await dispatched();
    dyno.send('HTTP/1.1 200 OK', 'Content-').socket.end();
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H13/s);
  });

  test('H12: does not take an upload any further', async () => {
    const world = await startWorld();
    const { backend, wires } = await startDyno((wire) => wire.socket.pause());
    world.backends.up(backend);
    const client = await world.connect();
    client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 50000000', '', 'x'.repeat(20_000_000));
    await wires.count(1);
    await untilStill(() => client.socket.bytesWritten - client.socket.writableLength);
    world.backends.debugged.add('web.1');
    await world.clock.advance(3_600_000);
    world.backends.debugged.clear();
    await world.clock.advance(55_000);
    expect(client.text).toBe('');
    await world.clock.advance(1000);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H12/s);
  });
});

describe('a dyno that answers badly', () => {
  test.each([
    ['Expected HTTP/, RTSP/ or ICE/', ['hello', '']],
    ['Status code below 100', ['HTTP/1.1 099 Low', '', '']],
    ['Control character in the reason phrase', ['HTTP/1.1 200 O\x01K', 'Content-Length: 0', '', '']],
    ['Invalid header token', ['HTTP/1.1 200 OK', 'X : 1', '', '']],
    ['Unexpected whitespace after header value', ['HTTP/1.1 200 OK', 'X: 1', ' 2', '', '']],
    ['Missing expected CR after response line', ['HTTP/1.1 200 OK\nContent-Length: 0\n\n']],
    [
      'chunked is not the last transfer coding',
      ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked, gzip', '', '2', 'ok', ''],
    ],
    [
      '101 without an upgrade in the request',
      ['HTTP/1.1 101 Switching', 'Upgrade: x', 'Connection: Upgrade', '', ''],
    ],
  ])('H17: %s', async (what, response) => {
    const { world, client, dyno } = await dispatched();
    dyno.send(...response);
    const answer = await client.until('</html>');
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*H17/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H17',
      desc: `Poorly formatted HTTP response: ${what}`,
      status: '503',
      bytes: pageBytes(answer),
    });
    await dyno.ended();
  });

  test('H17: a bad chunk, after the head has gone out', async () => {
    const { world, client, dyno } = await dispatched();
    dyno.send('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'ok', 'zz', '');
    expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*2\r\nok\r\n$/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H17', status: '200', bytes: '2' });
  });

  test.each([
    ['oversized status line', [`HTTP/1.1 200 ${'x'.repeat(8192)}`, '', '']],
    ['oversized header', ['HTTP/1.1 200 OK', `X: ${'x'.repeat(512 * 1024)}`, '', '']],
    ['oversized cookie', ['HTTP/1.1 200 OK', 'X: 1', `SET-Cookie: ${'x'.repeat(8192)}`, '', '']],
    ['invalid content length', ['HTTP/1.1 200 OK', 'Content-Length: 1x', '', '']],
    ['invalid content length', ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2', '', '']],
  ])('H25: %s', async (what, response) => {
    const { world, client, dyno } = await dispatched();
    dyno.send(...response);
    const answer = await client.until('</html>');
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n.*H25/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H25',
      desc: `HTTP restriction: ${what}`,
      status: '502',
      bytes: pageBytes(answer),
    });
  });

  test('just within the limits it passes', async () => {
    const { client, dyno } = await dispatched();
    const cookie = `Set-Cookie: ${'c'.repeat(8192 - 12)}`;
    const big = `X: ${'x'.repeat(512 * 1024 - 3)}`;
    dyno.send(`HTTP/1.1 200 ${'r'.repeat(8192 - 13)}`, big, cookie, cookie, 'Content-Length: 2', '', 'ok');
    expect(await client.until(/ok$/)).toContain(`\r\n${cookie}\r\n${cookie}\r\n`);
  });

  test('a missing reason phrase is not an error', async () => {
    const { client, dyno } = await dispatched();
    dyno.send('HTTP/1.1 200', 'Content-Length: 2', '', 'ok');
    expect(await client.until('ok')).toMatch(/^HTTP\/1\.1 200 \r\n/);
  });
});

describe('once the answer has begun', () => {
  const BEGUN = ['HTTP/1.1 200 OK', 'Content-Length: 10', '', 'four'] as const;

  test('H15: the dyno is silent for 55 s, counted from its last byte', async () => {
    const { world, client, dyno } = await dispatched();
    dyno.send(...BEGUN);
    await client.until('four');
    await world.clock.advance(54_000);
    dyno.send('5');
    await client.until('four5');
    await world.clock.advance(54_999);
    expect(client.isEnded).toBe(false);
    await world.clock.advance(1);
    expect(await client.closedByRouter()).toMatch(/four5$/);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H15',
      desc: 'Idle connection',
      service: '109000ms',
      status: '200',
      bytes: '5',
    });
    await dyno.ended();
  });

  test('H15 is a page as long as nothing has been passed on', async () => {
    const { world, client, dyno } = await dispatched();
    // Once the client has the first, the router has the second.
    dyno.send('HTTP/1.1 103 Early Hints', '', 'HTTP/1.1 200 OK', 'Content-Le');
    await client.until('103');
    client.take();
    await world.clock.advance(55_000);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H15/s);
  });

  test('H18: the dyno closes the connection', async () => {
    const { world, client, dyno } = await dispatched();
    dyno.send(...BEGUN);
    await client.until('four');
    dyno.socket.destroy();
    expect(await client.closedByRouter()).toMatch(/four$/);
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(
      /^sock=backend at=error code=H18 desc="Server Request Interrupted" method=GET .* status=200 bytes=4 /,
    );
  });

  test('H27: the client leaves, and the dyno’s connection closes', async () => {
    const { world, client, dyno } = await dispatched();
    dyno.send(...BEGUN);
    await client.until('four');
    client.socket.destroy();
    await world.log.count(1);
    expect(world.log.items[0]).toMatch(
      /^sock=client at=warning code=H27 desc="Client Request Interrupted" method=GET .* dyno=web.1 .* status=499 bytes=4 /,
    );
    await dyno.ended();
  });

  test('H27 before it has begun, too', async () => {
    const { world, client, dyno } = await dispatched();
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      code: 'H27',
      status: '499',
      bytes: '0',
      dyno: 'web.1',
    });
    await dyno.ended();
  });

  test('H28: the client stops reading for 55 s', async () => {
    const { world, client, dyno } = await dispatched();
    client.socket.pause();
    dyno.send('HTTP/1.1 200 OK', 'Content-Length: 100000000', '', 'x'.repeat(50_000_000));
    await untilStill(() => dyno.socket.writableLength);
    await world.clock.advance(55_000);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'warning',
      code: 'H28',
      desc: 'Client Connection Idle',
      status: '499',
    });
    await dyno.ended();
  });
});

describe('uploads', () => {
  const POST = ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 10', '', 'four'] as const;

  test('H28: the client is silent for 55 s, counted from its last byte', async () => {
    const { world, client, dyno } = await dispatched({ request: POST });
    await dyno.until('four');
    await world.clock.advance(54_000);
    client.send('5');
    await dyno.until('four5');
    await world.clock.advance(54_999);
    expect(world.log.items).toEqual([]);
    await world.clock.advance(1);
    await client.closedByRouter();
    expect(client.text).toBe('');
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H28', service: '109000ms', status: '499' });
    await dyno.ended();
  });

  test('the 30 s of H12 start when the last byte has been passed on', async () => {
    const { world, client, dyno } = await dispatched({ request: POST });
    await dyno.until('four');
    await world.clock.advance(50_000);
    client.send('fivesi');
    await dyno.until('fivesi');
    await world.clock.advance(29_999);
    expect(world.log.items).toEqual([]);
    await world.clock.advance(1);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H12/s);
  });

  test('H27: the client leaves in the middle', async () => {
    const { world, client, dyno } = await dispatched({ request: POST });
    await dyno.until('four');
    client.socket.destroy();
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ code: 'H27', status: '499' });
    await dyno.ended();
  });

  test('a bad chunk from the client is a 400', async () => {
    const { world, client, dyno } = await dispatched({
      request: ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', '', '4', 'four', ''],
    });
    await dyno.until('four');
    client.send('zz', '');
    const answer = await client.ended();
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({ at: 'info', status: '400', dyno: 'web.1' });
    await dyno.ended();
  });
});

describe('connections that are not taken', () => {
  test('H21: refused by every dyno for as long as a request may wait', async () => {
    const world = await startWorld({ timeouts: { ...REAL_TIMEOUTS, queue: 40 } });
    const first = await startDyno(() => {}, 'web.1');
    const second = await startDyno(() => {}, 'web.2');
    first.server.close();
    second.server.close();
    world.backends.up(first.backend, second.backend);
    const client = await world.connect();
    client.send(...GET);
    await listeningTo(world, 2);
    await world.clock.advance(39);
    expect(client.text).toBe('');
    await world.clock.advance(1);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H21/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      code: 'H21',
      desc: 'Backend connection refused',
      dyno: expect.stringMatching(/^web\.[12]$/),
      connect: '0ms',
      service: '',
      status: '503',
      bytes: '',
    });
  });

  test.runIf(process.platform === 'linux')('H19: not taken within 5 s', async () => {
    const world = await startWorld();
    const backend = await deafDyno();
    world.backends.up(backend);
    const client = await world.connect();
    client.send(...GET);
    while (world.clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.clock.advance(4999);
    expect(client.text).toBe('');
    await world.clock.advance(1);
    expect(await client.until('</html>')).toMatch(/^HTTP\/1\.1 503 .*H19/s);
    await world.log.count(1);
    expect(fields(world.log.items[0])).toMatchObject({
      at: 'error',
      code: 'H19',
      desc: 'Backend connection timeout',
      dyno: 'web.1',
      connect: '5000ms',
      service: '',
      status: '503',
      bytes: '',
    });
  });

  test('a dyno that refuses is passed over, and tried again a moment later', async () => {
    // The first dyno of those that are left.
    const world = await startWorld({ random: () => 0 });
    const dead = await startDyno(() => {}, 'web.1');
    const live = await startDyno(answering(...OK), 'web.2');
    dead.server.close();
    world.backends.up(dead.backend, live.backend);
    const revive = (): Promise<unknown> =>
      new Promise((resolve) => {
        dead.server.listen({ host: '127.0.0.1', port: dead.backend.port }, () => resolve(undefined));
      });
    await world.request(...CLOSING_GET);
    await revive();
    await world.clock.advance(49);
    await world.request(...CLOSING_GET);
    expect(dead.wires.items).toHaveLength(0);
    await world.clock.advance(1);
    const client = await world.connect();
    client.send(...GET);
    await dead.wires.count(1);
    await world.log.count(2);
    expect(world.log.items.map(fields).map(({ dyno }) => dyno)).toEqual(['web.2', 'web.2']);
  });

  describe('a request that the only dyno refuses waits for it', () => {
    /** A client that the only dyno has refused. */
    async function refusedClient() {
      const world = await startWorld();
      const dead = await startDyno(() => {});
      dead.server.close();
      world.backends.up(dead.backend);
      const client = await world.connect();
      client.send(...GET);
      await listeningTo(world, 2);
      return { world, client, dead };
    }

    test.each([[['starting']], [['crashed', 'starting']]] as const)(
      '%j: nothing was sent, so the restart is too',
      async (said) => {
        const { world, client } = await refusedClient();
        for (const kind of said) world.backends.set({ kind });
        await world.clock.advance(1000);
        world.backends.up((await startDyno(answering(...OK), 'web.1')).backend);
        await client.until('ok');
        await world.log.count(1);
        expect(fields(world.log.items[0])).toMatchObject({ at: 'info', dyno: 'web.1', status: '200' });
      },
    );

    test('H10 if it stays down', async () => {
      const { world, client } = await refusedClient();
      world.backends.set({ kind: 'crashed' });
      await client.until('H10');
    });

    test('or another one, that comes before it', async () => {
      const { world, client, dead } = await refusedClient();
      world.backends.up(dead.backend, (await startDyno(answering(...OK), 'web.2')).backend);
      await client.until('ok');
    });

    test('or itself, as a server that restarts itself listens again', async () => {
      const { world, client, dead } = await refusedClient();
      await new Promise<void>((resolve) => {
        dead.server.listen({ host: '127.0.0.1', port: dead.backend.port }, resolve);
      });
      await world.clock.advance(50);
      await dead.wires.count(1);
      client.socket.destroy();
      await world.log.count(1);
    });
  });
});
