import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startDyno, startWorld, type Wire } from './world.js';

/** The requests that node:http makes from now on. */
function watchRequests(): readonly IncomingMessage[] {
  const requests: IncomingMessage[] = [];
  const watch = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    if (message.request instanceof IncomingMessage) requests.push(message.request);
  };
  subscribe('http.server.request.start', watch);
  onTestFinished(() => void unsubscribe('http.server.request.start', watch));
  return requests;
}

test.each([
  ['without a body', ['GET / HTTP/1.1', 'Host: a', '', ''], true],
  ['with a body', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 2', '', 'x'], false],
])('a request %s is a stream only as far as it must', async (_, lines, isEnded) => {
  const world = await startWorld();
  const heads: string[] = [];
  const dyno = await startDyno(async (wire: Wire) => heads.push(await wire.until('\r\n\r\n')));
  world.backends.up(dyno.backend);
  const requests = watchRequests();
  (await world.connect()).send(...lines);
  const [wire] = await dyno.wires.count(1);
  await wire?.until('\r\n\r\n');
  expect(requests.map(({ readableEnded }) => readableEnded)).toEqual([isEnded]);
});
