import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ClientRequest } from '../../../../src/router/client/client-request.js';

function listenTo(req: ClientRequest): string[] {
  const events: string[] = [];
  for (const event of ['resume', 'readable', 'data', 'end', 'close']) req.on(event, () => events.push(event));
  return events;
}

test('a request without a body is over at once, and nothing happens on its stream', async () => {
  const req = new ClientRequest(new Socket());
  expect(req.readableEnded).toBe(false);
  req.over();
  expect(req.readableEnded, 'node:http lets go of it').toBe(true);
  const events = listenTo(req);
  const reads = vi.spyOn(req, '_read');
  // What node:http does with each; newer versions read instead of resuming.
  req.push(null);
  req.resume();
  expect(req.read(0)).toBe(null);
  expect(reads, 'the connection is not read for it').not.toHaveBeenCalled();
  await nextTurn();
  expect(events).toEqual([]);
});

test('any other is a stream', async () => {
  const req = new ClientRequest(new Socket());
  const body: Buffer[] = [];
  req.on('data', (chunk) => body.push(chunk));
  req.push(Buffer.from('ab'));
  req.push(null);
  await nextTurn();
  expect(Buffer.concat(body).toString()).toBe('ab');
  expect(req.readableEnded).toBe(true);
});
