import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ControlClient } from '../../../src/api/client/control-client.js';

test('what breaks the silence between events is none of them', async () => {
  const server = createServer((_request, response) => {
    for (const piece of [':\n\n', 'data: 1\n\n', ':\n\n', 'data: 2\n\n']) response.write(piece);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await once(server, 'close');
  });
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new ControlClient({ api, instance: 'this' }, 'secret');
  const events: string[] = [];
  for await (const { data } of client.events('/dynosim/events')) events.push(data);
  expect(events).toEqual(['1', '2']);
});
