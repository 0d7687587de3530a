import { expect, test } from 'vitest';
import { Attachments } from '../../../src/api/attach/attachments.js';
import type { ClockView, HostControl } from '../../../src/api/control.js';
import { findRoute } from '../../../src/api/server/find-route.js';
import { createRoutes } from '../../../src/api/server/routes.js';
import { serverSent } from '../../../src/api/server/server-sent.js';
import type { App } from '../../../src/apps/app.js';
import { LocalApp } from '../../../src/apps/local-app.js';
import type { Time } from '../../../src/base/clock.js';
import { Closers } from '../../../src/base/closers.js';
import { followHost } from '../../../src/host/events/follow-host.js';
import { Registry } from '../../../src/host/registry.js';
import { startFakeApp } from '../../helpers/fake-app.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

const MINUTE = 60_000;

/** Events that a test sends one by one, and what a client gets of them. */
function setup() {
  const clock = new ManualClock();
  const queue: string[] = [];
  let isOver = false;
  let wake = (): void => {};
  async function* events(): AsyncGenerator<string> {
    for (;;) {
      yield* queue.splice(0);
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const { headers, stream } = serverSent(events(), clock);
  const sent: (string | Buffer)[] = [];
  const over = (async () => {
    for await (const piece of stream) sent.push(piece);
  })();
  return {
    clock,
    headers,
    sent,
    over,
    async send(...pieces: readonly string[]) {
      queue.push(...pieces);
      wake();
      await settle();
    },
    async end() {
      isOver = true;
      wake();
      await over;
    },
  };
}

test('events are sent as they are, and nothing besides while they keep coming', async () => {
  const { clock, headers, sent, send } = setup();
  expect(headers).toEqual({ 'Content-Type': 'text/event-stream' });
  await send('data: 1\n\n', 'data: 2\n\n');
  await clock.advance(MINUTE - 1);
  await send('data: 3\n\n');
  await clock.advance(MINUTE - 1);
  expect(sent).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
});

test('each minute of silence is broken by a comment', async () => {
  const { clock, sent, send } = setup();
  await clock.advance(MINUTE);
  expect(sent).toEqual([':\n\n']);
  await send('data: 1\n\n');
  await clock.advance(2 * MINUTE);
  expect(sent).toEqual([':\n\n', 'data: 1\n\n', ':\n\n', ':\n\n']);
  await send('data: 2\n\n');
  expect(sent.at(-1)).toBe('data: 2\n\n');
});

test('when the events are over so is the stream, and no timer is left', async () => {
  const { clock, sent, send, end } = setup();
  await clock.advance(MINUTE);
  await send('data: last\n\n');
  expect(clock.pending).toBe(1);
  await end();
  expect(sent).toEqual([':\n\n', 'data: last\n\n']);
  expect(clock.pending).toBe(0);
});

test('errors of the events reach the sender', async () => {
  const clock = new ManualClock();
  // biome-ignore lint/correctness/useYield: they fail before the first.
  async function* failing(): AsyncGenerator<string> {
    await Promise.resolve();
    throw new Error('no more');
  }
  const first = serverSent(failing(), clock).stream[Symbol.asyncIterator]().next();
  await expect(first).rejects.toThrow('no more');
  expect(clock.pending).toBe(0);
});

test.each([
  ['the log of an app', '/apps/demo/log-sessions'],
  ['what happens', undefined],
])('%s is never quiet for long, until its client is gone', async (_what, session) => {
  const { app, world } = await startFakeApp();
  const { clock, ask } = api(app, world.time);
  const created = session === undefined ? {} : await ask.json('POST', session, { tail: true, lines: 0 });
  const gone = new AbortController();
  const path = 'body' in created ? logPath(created.body) : '/dynosim/events';
  const answer = await ask.events(path, gone.signal);
  const sent: string[] = [];
  const over = (async () => {
    for await (const piece of answer.stream) sent.push(piece.toString());
  })();
  await clock.advance(2 * MINUTE);
  expect(sent.slice(-2)).toEqual([':\n\n', ':\n\n']);
  gone.abort();
  await over;
  expect(clock.pending).toBe(0);
});

function logPath(session: unknown): string {
  return new URL((session as { readonly logplex_url: string }).logplex_url).pathname;
}

const NO_CLOCK: ClockView = { speed: 1, skippedMs: 0, wall: 0, platform: 0 };

/** The routes of the API for one app, on a clock of their own and without a server. */
function api(app: App, platformTime: Time) {
  const clock = new ManualClock();
  const time = { ...platformTime, real: clock };
  const registry = new Registry();
  const local = new LocalApp(app, () => 'http://127.0.0.1:1');
  const parts = { watchers: new Closers(), closers: new Closers() };
  registry.add({ app, control: local, takesEveryHost: true, ...parts });
  const control: Pick<HostControl, 'apps' | 'app' | 'events'> = {
    apps: async () => [await local.info()],
    app: async () => local,
    events: (signal) => followHost({ registry, time, clock: NO_CLOCK, onClock: () => () => {} }, {}, signal),
  };
  const routes = createRoutes({
    time,
    attachments: new Attachments(clock),
    token: 'secret',
    instance: 'this',
  });
  const forever = new AbortController().signal;
  const find = (method: string, path: string, body?: unknown, signal = forever) => {
    const found = findRoute(routes, method, path);
    if (!found) throw new Error(`There is no ${method} ${path}`);
    const { route, params } = found;
    const request = {
      control: control as HostControl,
      query: new URLSearchParams(),
      headers: {},
      origin: 'http://127.0.0.1:1',
      end: forever,
    };
    return { route, request: { ...request, params, body, signal } };
  };
  const ask = {
    json(method: string, path: string, body: unknown) {
      const { route, request } = find(method, path, body);
      if (!('json' in route)) throw new Error('This is no JSON');
      return route.json(request);
    },
    async events(path: string, signal: AbortSignal) {
      const { route, request } = find('GET', path, undefined, signal);
      if (!('events' in route)) throw new Error('These are no events');
      return serverSent(await route.events(request), clock);
    },
  };
  return { clock, ask };
}
