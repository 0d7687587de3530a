import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { ControlClient, NoAnswer } from '../../../src/api/client/control-client.js';
import { startHttpServer } from '../../helpers/http-server.js';
import { ManualClock } from '../../helpers/manual-clock.js';

/** A server, and a client of it. */
async function startServer(answer: (response: ServerResponse) => void) {
  const { server, url: api } = await startHttpServer((_request, response) => answer(response));
  const clock = new ManualClock();
  return { server, clock, client: new ControlClient({ api, instance: 'this' }, 'secret', clock) };
}

test('what breaks the silence between events is none of them', async () => {
  const { client } = await startServer((response) => {
    for (const piece of [':\n\n', 'data: 1\n\n', ':\n\n', 'data: 2\n\n']) response.write(piece);
    response.end();
  });
  const events: string[] = [];
  for await (const { data } of client.events('/dynosim/events')) events.push(data);
  expect(events).toEqual(['1', '2']);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['begins no response', () => {}],
  ['does not end its response', (response) => response.write('{')],
])('a client does not wait for ever for a program that %s', async (_what, answer) => {
  const { server, client, clock } = await startServer(answer);
  const asking = expect(client.isGenuine()).rejects.toThrow(NoAnswer);
  await once(server, 'request');
  await clock.advance(10_000);
  await asking;
  expect(clock.pending).toBe(0);
});
