import { expect, onTestFinished, test } from 'vitest';
import { DEFAULTS } from '../../../src/host/defaults.js';
import type { Host } from '../../../src/host/host.js';
import { call, SLEEPERS, settled, startDemo } from './world.js';

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** Follows what happens on a host. */
async function follow(host: Host, query = '') {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const headers = { Authorization: 'Bearer secret' };
  const { body } = await fetch(`${host.apiUrl}/dynosim/events${query}`, { headers, signal: over.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const seen: Event[] = [];
  /** Resolves once an event matches, with all that came up to then since the last call. */
  const until = async (matches: (event: Event) => boolean): Promise<Event[]> => {
    for (;;) {
      const index = seen.findIndex(matches);
      if (index >= 0) return seen.splice(0, index + 1);
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return seen.splice(0);
      const parts = (rest + value).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
        seen.push({ event, ...JSON.parse(data) });
      }
    }
  };
  return until;
}

test('sends the current state, then changes', async () => {
  const { host, app } = await startDemo(SLEEPERS);
  const until = await follow(host);
  expect(await until(({ name }) => name === 'worker.1')).toEqual([
    expect.objectContaining({
      event: 'release',
      app: 'demo',
      version: 1,
      status: 'succeeded',
      current: true,
    }),
    expect.objectContaining({ event: 'dyno', app: 'demo', name: 'web.1', type: 'web', state: 'starting' }),
    expect.objectContaining({ event: 'dyno', name: 'worker.1', release: 1, since: expect.any(String) }),
  ]);
  await call(host, 'PATCH', '/apps/demo/formation/worker', { body: { quantity: 2 } });
  const started = await until(({ name, state }) => name === 'worker.2' && state === 'up');
  expect(started.filter(({ name }) => name === 'worker.2').map(({ state }) => state)).toContain('starting');
  await call(host, 'PATCH', '/apps/demo/formation/worker', { body: { quantity: 1 } });
  await until(({ name, state }) => name === 'worker.2' && state === 'gone');
  await app.releases.updateConfigVars(new Map([['A', '2']]));
  const released = await until(
    ({ event, version, current }) => event === 'release' && version === 2 && current === true,
  );
  expect(released.filter(({ event }) => event === 'release')).toMatchObject([
    { version: 2, status: 'pending', current: false },
    { version: 1, current: false },
    { version: 2, status: 'succeeded', current: true },
  ]);
});

test('tells that platform time was moved forward, to those who ask', async () => {
  const { host } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
  const until = await follow(host, '?include=clock,marks');
  await until(({ event }) => event === 'current');
  await call(host, 'POST', '/dynosim/clock/advance', { body: { ms: 60_000 } });
  expect((await until(({ event }) => event === 'clock')).at(-1)).toMatchObject({ skippedMs: 60_000 });
  expect((await until(({ kind }) => kind === 'advance')).at(-1)).toMatchObject({ text: '1m passed' });
});

test('a sleep stands behind the move of platform time that caused it', async () => {
  const web = `require('http').createServer((q, r) => r.end()).listen(process.env.PORT)`;
  const { host, app } = await startDemo(
    { 'web.js': web, Procfile: 'web: node web.js\n' },
    { sleep: { ...DEFAULTS.sleep, afterMs: 60_000 } },
  );
  await settled(app);
  await call(host, 'POST', '/dynosim/clock/advance', { body: { ms: 120_000 } });
  const kinds = app.metrics.marks.since(0).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'advance' || kind === 'sleep')).toEqual(['advance', 'sleep']);
});

test('refuses an unknown kind and an unknown app in one line', async () => {
  const { host } = await startDemo(SLEEPERS);
  expect(await call(host, 'GET', '/dynosim/events?include=sleep,log')).toMatchObject({
    status: 422,
    body: { message: 'request.include[1] must be sleep, clock, requests, metrics, marks, logs' },
  });
  expect(await call(host, 'GET', '/dynosim/events?app=dmo')).toMatchObject({
    status: 404,
    body: { message: 'There is no app dmo', hint: 'Did you mean demo?' },
  });
});

test('ends when dynosim does', async () => {
  const { host } = await startDemo(SLEEPERS);
  const until = await follow(host);
  await host.close();
  const last = await until(() => false);
  expect(last.at(-1)).toMatchObject({ event: 'dyno' });
});

test('needs the token', async () => {
  const { host } = await startDemo(SLEEPERS);
  expect((await fetch(`${host.apiUrl}/dynosim/events`)).status).toBe(401);
});
