import { expect, test } from 'vitest';
import type { HostEvent } from '../../../../src/api/control.js';
import { KEPT, NOTHING, type State } from '../../../../src/dashboard/state/model.js';
import { reduce } from '../../../../src/dashboard/state/reduce.js';
import { factsOf } from '../../../helpers/router-facts.js';

function after(...events: readonly HostEvent[]): State {
  return events.reduce(reduce, NOTHING);
}

function dyno(name: string, state: 'up' | 'idle' = 'up'): HostEvent {
  const [type = ''] = name.split('.');
  const run = { release: 1, since: 0, port: 5000, pid: 1, command: 'node .', restarts: 0 } as const;
  return { event: 'dyno', app: 'shop', name, type, state, size: 'Eco', memoryQuota: undefined, ...run };
}

function request(requestId: string): HostEvent {
  return { event: 'request', app: 'shop', at: 0, ...factsOf(5, { requestId }) };
}

function mark(at: number, count: number): HostEvent {
  return { event: 'mark', app: 'shop', at, kind: 'H12', text: 'Request timeout', dyno: null, count };
}

test('dynos are ordered: web first, then by type and number', () => {
  const state = after(dyno('worker.1'), dyno('web.10'), dyno('clock.1'), dyno('web.2'));
  expect(state.apps.get('shop')?.dynos.map(({ name }) => name)).toEqual([
    'web.2',
    'web.10',
    'clock.1',
    'worker.1',
  ]);
});

test('a dyno is replaced by its change, and removed when it is gone', () => {
  const state = after(dyno('web.1'), dyno('web.1', 'idle'));
  expect(state.apps.get('shop')?.dynos.map((one) => one.state)).toEqual(['idle']);
  const gone = reduce(state, { event: 'dyno', app: 'shop', name: 'web.1', state: 'gone' });
  expect(gone.apps.get('shop')?.dynos).toEqual([]);
});

test('an event changes no earlier state, and no other app', () => {
  const before = after(dyno('web.1'), { event: 'app', app: 'blog', state: 'added' });
  const blog = before.apps.get('blog');
  const now = reduce(before, dyno('web.2'));
  expect(before.apps.get('shop')?.dynos).toHaveLength(1);
  expect(now.apps.get('blog')).toBe(blog);
});

test('apps come and go', () => {
  const state = after(
    { event: 'current', apps: ['shop', 'blog'] },
    { event: 'app', app: 'api', state: 'added' },
    { event: 'app', app: 'shop', state: 'removed' },
  );
  expect(state.names).toEqual(['api', 'blog']);
  expect([...state.apps.keys()]).toEqual(['api']);
});

test('a mark with the time and kind of an earlier one replaces it', () => {
  const state = after(mark(1, 1), mark(2, 1), mark(1, 5));
  expect(state.apps.get('shop')?.marks.map(({ at, count }) => [at, count])).toEqual([
    [1, 5],
    [2, 1],
  ]);
});

test('marks are ordered by time: that of a wake comes when the wake is over, with the time at which it began', () => {
  const state = after(mark(1, 1), mark(3, 1), mark(2, 1));
  expect(state.apps.get('shop')?.marks.map(({ at }) => at)).toEqual([1, 2, 3]);
});

test('only the latest requests are kept, so a page that is open for a day stays small', () => {
  const ids = Array.from({ length: KEPT.requests + 3 }, (_, index) => `r${index}`);
  const requests = after(...ids.map(request)).apps.get('shop')?.requests ?? [];
  expect(requests).toHaveLength(KEPT.requests);
  expect([requests[0]?.requestId, requests.at(-1)?.requestId]).toEqual(['r3', ids.at(-1)]);
});

test('requests without an event are counted', () => {
  const skipped: HostEvent = { event: 'skipped', app: 'shop', requests: 40 };
  expect(after(skipped, skipped).apps.get('shop')?.skippedRequests).toBe(80);
});

test('releases are listed newest first, each once', () => {
  const release = (version: number, isCurrent: boolean): HostEvent => ({
    event: 'release',
    app: 'shop',
    version,
    status: 'succeeded',
    description: 'Deploy',
    createdAt: 0,
    isCurrent,
  });
  const state = after(release(1, true), release(2, false), release(1, false), release(2, true));
  const { releases = [] } = state.apps.get('shop') ?? {};
  expect(releases.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
    [2, true],
    [1, false],
  ]);
});
