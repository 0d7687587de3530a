import { expect, test } from 'vitest';
import type { EventKind, EventsRequest, HostEvent } from '../../../src/api/control.js';
import { readEventsQuery } from '../../../src/api/dynosim/events-query.js';
import { decodeEvent, encodeEvent, eventsPath } from '../../../src/api/dynosim/host-events.js';
import { factsOf } from '../../helpers/router-facts.js';

const FACTS = factsOf(1, { path: '/a?b', status: 503, code: 'H12', dyno: null, bytes: null });

const mark = { kind: 'H12', text: 'GET /a', dyno: null, count: 2 } as const;
test.each<HostEvent>([
  {
    event: 'sleep',
    app: 'demo',
    state: 'awake',
    since: 1,
    sleepsAt: undefined,
    inFlight: 1,
    isExhausted: false,
  },
  { event: 'sleep', app: 'demo', state: 'awake', since: 1, sleepsAt: 2, inFlight: 0, isExhausted: true },
  { event: 'clock', speed: 60, skippedMs: 3, wall: 1, platform: 4 },
  { event: 'request', app: 'demo', at: 5, ...FACTS },
  { event: 'skipped', app: 'demo', requests: 7 },
  { event: 'mark', app: 'demo', at: 6, ...mark },
  {
    event: 'log',
    app: 'demo',
    lines: [{ at: 8, source: 'app', dyno: 'web.1', line: '\u001b[31m<script>' }],
    skipped: 9,
  },
])('%j stays what it is', (event) => {
  const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(encodeEvent(event)) ?? [];
  expect(decodeEvent(name, JSON.parse(data))).toEqual(event);
});

test('times are ISO 8601', () => {
  expect(encodeEvent({ event: 'clock', speed: 1, skippedMs: 0, wall: 0, platform: 60_000 })).toContain(
    '"wall":"1970-01-01T00:00:00.000Z","platform":"1970-01-01T00:01:00.000Z"',
  );
});

test.each<[EventsRequest, string]>([
  [{}, '/dynosim/events'],
  [{ app: 'my-app' }, '/dynosim/events?app=my-app'],
  [{ app: 'a&b', include: ['sleep', 'logs'] }, '/dynosim/events?app=a%26b&include=sleep%2Clogs'],
])('%j is asked for by %s', (wanted, path) => {
  expect(eventsPath(wanted)).toBe(path);
  expect(readEventsQuery(new URL(path, 'http://localhost').searchParams)).toEqual(wanted);
});

test('an unknown kind is refused with those that exist', () => {
  expect(() => readEventsQuery(new URLSearchParams({ include: 'sleep,log' }))).toThrow(
    'request.include[1] must be sleep, clock, requests, metrics, marks, logs',
  );
  const all: readonly EventKind[] = ['sleep', 'clock', 'requests', 'metrics', 'marks', 'logs'];
  expect(readEventsQuery(new URLSearchParams({ include: all.join(',') })).include).toEqual(all);
});
