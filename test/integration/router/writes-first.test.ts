import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { shaken, startTlsWorld } from './tls-world.js';
import { startDyno, startWorld, type Wire, type World } from './world.js';

/** More than the system buffers for an unread connection. */
const BYTES = 20_000_000;
const SIZED = `Content-Length: ${BYTES}\r\n\r\n${'x'.repeat(BYTES)}`;
const CHUNKED = `Transfer-Encoding: chunked\r\n\r\n${`100000\r\n${'x'.repeat(0x100000)}\r\n`.repeat(19)}0\r\n\r\n`;
const BAD_CHUNK = `Transfer-Encoding: chunked\r\n\r\nzz\r\n${'x'.repeat(BYTES)}`;
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

const SAYS_NO = ['HTTP/1.1 403 Forbidden', 'Content-Length: 2', '', 'no'] as const;

/** A dyno that answers before it has read anything, which it never does. */
const sayNo = (wire: Wire): void => {
  wire.socket.pause();
  wire.send(...SAYS_NO);
};

/** Writes all it has before it reads what comes: with Python's http.client, a browser's form and Java. */
function writeFirst(socket: Socket, text: string): Promise<string> {
  onTestFinished(() => void socket.destroy());
  return new Promise((resolve, reject) => {
    let answer = '';
    socket
      .on('error', reject)
      .on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
      })
      .on('end', () => resolve(answer))
      .pause()
      .write(text, 'latin1', () => socket.resume());
  });
}

const plain = (world: World): Socket => connect({ host: '127.0.0.1', port: world.router.port });

/** The outcome of a request that has not been read completely. */
const REFUSED: { readonly [name: string]: readonly [head: string, body: string, answer: RegExp] } = {
  'a router error, sized': ['POST / HTTP/1.1', SIZED, / 503 .*H14/s],
  'a router error, chunked': ['POST / HTTP/1.1', CHUNKED, / 503 .*H14/s],
  'a router error, HTTP/1.0': ['POST / HTTP/1.0', SIZED, / 503 .*H14/s],
  'an upgrade with a body': [`POST / HTTP/1.1\r\n${UPGRADE.trim()}`, SIZED, / 503 .*H14/s],
  'an upgrade with bytes behind it': ['GET / HTTP/1.1', `${UPGRADE}\r\n${'x'.repeat(BYTES)}`, / 503 .*H14/s],
  'CONNECT with bytes behind it': ['CONNECT b:80 HTTP/1.1', `\r\n${'x'.repeat(BYTES)}`, / 405 /],
  'a bad request': ['POST / HTTP/1.1\r\nHost: b', SIZED, / 400 .*more than one Host/s],
  'no request at all': ['nonsense', `\r\n${'x'.repeat(BYTES)}`, / 400 /],
};

describe('a client that writes 20 MB before it reads gets its answer', () => {
  test.each(Object.entries(REFUSED))('%s', async (_, [head, body, answer]) => {
    const world = await startWorld();
    expect(await writeFirst(plain(world), `${head}\r\nHost: a\r\n${body}`)).toMatch(answer);
  });

  test.each([
    ['sized', SIZED],
    ['chunked', CHUNKED],
  ])('by TLS, %s', async (_, body) => {
    const world = await startTlsWorld();
    const socket = await shaken({ port: world.router.port, rejectUnauthorized: false });
    expect(await writeFirst(socket, `POST / HTTP/1.1\r\nHost: localhost\r\n${body}`)).toMatch(/H14/);
  });

  test.each([
    ['sized', SIZED],
    ['chunked', CHUNKED],
    ['before the dyno closes the connection', SIZED],
  ])('from a dyno that reads nothing, %s', async (how, body) => {
    const world = await startWorld();
    const { backend } = await startDyno((wire) => {
      sayNo(wire);
      if (how.startsWith('before')) wire.socket.end();
    });
    world.backends.up(backend);
    const answer = await writeFirst(plain(world), `POST / HTTP/1.1\r\nHost: a\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n.*\r\n\r\nno$/s);
  });

  test('a bad chunk', async () => {
    const world = await startWorld();
    world.backends.up((await startDyno(() => {})).backend);
    const answer = await writeFirst(plain(world), `POST / HTTP/1.1\r\nHost: a\r\n${BAD_CHUNK}`);
    expect(answer).toMatch(/ 400 .*bad chunk/s);
  });

  test('after another request, from a response that closes the connection', async () => {
    const world = await startWorld();
    const { backend } = await startDyno((wire) => {
      wire.send('HTTP/1.1 200 OK', '', 'to the end').socket.end();
    });
    world.backends.up(backend);
    const first = 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n';
    const answer = await writeFirst(plain(world), `${first}POST / HTTP/1.1\r\nHost: a\r\n${SIZED}`);
    expect(answer).toMatch(/ 200 OK\r\n.*to the end$/s);
  });
});
