import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ClientConnection } from '../../../src/router/client/connection.js';
import { Deadlines } from '../../../src/router/deadlines.js';
import { ProxiedRequest } from '../../../src/router/proxied-request.js';
import { ManualClock } from '../../helpers/manual-clock.js';
import { listening, Wire } from './world.js';

/** Both ends of a connection. */
async function pair(): Promise<{
  readonly clock: ManualClock;
  readonly router: ClientConnection;
  readonly client: Wire;
}> {
  const clock = new ManualClock();
  const server = createServer({ allowHalfOpen: true });
  const port = await listening(server);
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = new Wire(connect({ host: '127.0.0.1', port, allowHalfOpen: true }));
  const socket = (await accepted).resume();
  onTestFinished(() => {
    socket.destroy();
    client.socket.destroy();
    server.close();
  });
  return { clock, router: new ClientConnection(socket, new Deadlines(clock), 60_000), client };
}

const failure = (code: string): Error => Object.assign(new Error('in the parser'), { code });

test('headers that take too long are a 408', async () => {
  const { router, client } = await pair();
  router.onParseError(failure('ERR_HTTP_REQUEST_TIMEOUT'));
  expect(await client.ended()).toMatch(/^HTTP\/1\.1 408 Request timeout\r\nConnection: close\r\n/);
});

test('slow headers after a request that is being served are not the client’s fault', async () => {
  const { clock, router, client } = await pair();
  const req = new IncomingMessage(router.socket);
  const request = new ProxiedRequest(req, new ServerResponse(req), router, 0);
  router.enter(request);
  router.onParseError(failure('ERR_HTTP_REQUEST_TIMEOUT'));
  expect(router.isOpen).toBe(true);
  router.leave(request);
  await clock.advance(59_999);
  expect(router.socket.destroyed).toBe(false);
  await clock.advance(1);
  expect(await client.ended()).toBe('');
});

test('garbage gets one 400; the connection is read a little longer, then cut off', async () => {
  const { clock, router, client } = await pair();
  router.onParseError(failure('HPE_INVALID_METHOD'));
  router.onParseError(failure('HPE_INVALID_METHOD'));
  expect(router.isOpen).toBe(false);
  expect((await client.ended()).match(/HTTP\/1\.1 400/g)).toHaveLength(1);
  expect(router.socket.destroyed).toBe(false);
  await clock.advance(5000);
  expect(router.socket.destroyed).toBe(true);
});

test('a client that keeps sending after the last response is read for 30 s', async () => {
  const { clock, router, client } = await pair();
  router.onParseError(failure('HPE_INVALID_METHOD'));
  await client.ended();
  for (let seconds = 4; seconds < 30; seconds += 4) {
    const isRead = once(router.socket, 'data');
    client.send('x');
    await isRead;
    await clock.advance(4000);
    expect(router.socket.destroyed).toBe(false);
  }
  await clock.advance(2000);
  expect(router.socket.destroyed).toBe(true);
  expect(clock.pending).toBe(0);
});

test('a client that breaks off gets no answer', async () => {
  const { router, client } = await pair();
  router.onParseError(failure('HPE_INVALID_EOF_STATE'));
  expect(await client.ended()).toBe('');
});
