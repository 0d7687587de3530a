import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LateServer } from '../../../src/base/late-server.js';

/** A late server on a free port, and the HTTP servers that it has created. */
async function listen(options: ServerOptions = {}) {
  const created: Server[] = [];
  const server = new LateServer(() => {
    const late = createServer(options, (_request, response) => void response.end('hello'));
    created.push(late);
    return late;
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(async () => void (await close()));
  const { port } = server.address() as AddressInfo;
  return { port, created, close, ask: async () => (await fetch(`http://127.0.0.1:${port}`)).text() };
}

describe('LateServer', () => {
  test('creates one server, with the first connection', async () => {
    const { created, ask } = await listen();
    expect(created).toHaveLength(0);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['hello', 'hello', 'hello']);
    expect(await ask()).toBe('hello');
    expect(created).toHaveLength(1);
  });

  test('the time limit of the server holds for the first connection, too', async () => {
    const { port } = await listen({ headersTimeout: 50, connectionsCheckingInterval: 10 });
    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\n');
    expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([0, 1])('after it was closed, having served %i requests, nothing listens', async (requests) => {
    const { port, ask, close } = await listen();
    for (let asked = 0; asked < requests; asked += 1) await ask();
    await close();
    const [error] = await once(connect(port, '127.0.0.1').on('connect', expect.unreachable), 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
