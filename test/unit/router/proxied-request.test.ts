import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { RequestLease } from '../../../src/router/backends.js';
import { ClientConnection } from '../../../src/router/client/connection.js';
import { Deadlines } from '../../../src/router/deadlines.js';
import type { DynoConnection } from '../../../src/router/dyno/connection.js';
import { RouterError } from '../../../src/router/errors.js';
import { ProxiedRequest } from '../../../src/router/proxied-request.js';
import { ManualClock } from '../../helpers/manual-clock.js';

const connection = { backend: { dyno: 'web.1' }, connectMs: 1 } as unknown as DynoConnection;

/** What is done to a request, in the order of its way; each by the clock. */
const EVENTS = {
  'no dyno took it': (request: ProxiedRequest) => request.unassign({ dyno: 'web.2', connectMs: 2 }),
  sent: (request: ProxiedRequest) => request.sent(connection, 10),
  repeat: (request: ProxiedRequest) => request.repeat(),
  answered: (request: ProxiedRequest) => request.answered(200, 20),
  upgraded: (request: ProxiedRequest) => request.upgraded(20),
} as const;

type EventName = keyof typeof EVENTS;

function requestAfter(...events: readonly EventName[]) {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' });
  const client = new ClientConnection(new Socket(), new Deadlines(new ManualClock()), 1);
  const request = new ProxiedRequest(req, new ServerResponse(req), client, 0);
  const firstBytes: (number | undefined)[] = [];
  const nothing = (): void => {};
  const lease: RequestLease = {
    wake: nothing,
    assign: nothing,
    sent: nothing,
    unassign: nothing,
    upgraded: nothing,
    isDebugged: () => false,
    release: (firstByteMs) => firstBytes.push(firstByteMs),
  };
  request.begin(0);
  request.enter(lease);
  for (const event of events) EVENTS[event](request);
  return { request, firstBytes };
}

test.each<[EventName[], string, string]>([
  [[], 'waiting', 'dyno= connect=undefined service=undefined status=0'],
  [['no dyno took it'], 'waiting', 'dyno=web.2 connect=2 service=undefined status=0'],
  [['no dyno took it', 'sent'], 'sent', 'dyno=web.1 connect=1 service=90 status=0'],
  [['sent'], 'sent', 'dyno=web.1 connect=1 service=90 status=0'],
  [['sent', 'repeat'], 'waiting', 'dyno=web.1 connect=1 service=90 status=0'],
  [['sent', 'repeat', 'no dyno took it'], 'waiting', 'dyno=web.2 connect=2 service=undefined status=0'],
  [['sent', 'answered'], 'answered', 'dyno=web.1 connect=1 service=90 status=200'],
  [['sent', 'answered', 'repeat'], 'answered', 'dyno=web.1 connect=1 service=90 status=200'],
  [['sent', 'upgraded'], 'tunnel', 'dyno=web.1 connect=1 service=90 status=101'],
  [['answered'], 'waiting', 'dyno= connect=undefined service=undefined status=0'],
])('%j: %s, %s', (events, at, text) => {
  const { request } = requestAfter(...events);
  expect(request.state.at).toBe(at);
  const { dyno, connectMs, serviceMs, status } = request.line(100);
  expect(`dyno=${dyno} connect=${connectMs} service=${serviceMs} status=${status}`).toBe(text);
});

test.each([
  ['before the answer, the error’s', ['sent'], 'H12', 503],
  ['after it, what the client was sent', ['sent', 'answered'], 'H18', 200],
  ['but a client that has left is a 499', ['sent', 'answered'], 'H27', 499],
] as const)('the status in the log: %s', (_, events, code, status) => {
  const { request } = requestAfter(...events);
  request.failed(new RouterError(code));
  expect(request.line(100).status).toBe(status);
});

test('its lease is released with the time to the first byte', () => {
  for (const [events, firstByteMs] of [
    [['sent'], undefined],
    [['sent', 'answered'], 20],
    [['sent', 'upgraded'], 20],
  ] as const) {
    const { request, firstBytes } = requestAfter(...events);
    request.release();
    expect(request.state).toEqual({ at: 'over' });
    expect(firstBytes).toEqual([firstByteMs]);
  }
});
