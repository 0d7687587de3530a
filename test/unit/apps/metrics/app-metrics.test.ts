import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { AppMetrics } from '../../../../src/apps/metrics/app-metrics.js';
import type { LogEntry } from '../../../../src/logs/entry.js';
import { factsOf } from '../../../helpers/router-facts.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 2, 1, 13, 2, 14, 500);

const request = (at: number, totalMs = 5, more = {}): LogEntry => ({
  at,
  source: 'heroku',
  dyno: 'router',
  line: 'at=info',
  router: factsOf(totalMs, more),
});

const said = (at: number, dyno: string, line: string, source: LogEntry['source'] = 'heroku'): LogEntry => ({
  at,
  source,
  dyno,
  line,
});

function metricsWith(...entries: readonly LogEntry[]): AppMetrics {
  const metrics = new AppMetrics();
  for (const entry of entries) metrics.take(entry);
  return metrics;
}

describe('a window', () => {
  test.each([
    ['5m', SECOND, Date.UTC(2026, 2, 1, 12, 57, 15)],
    ['1h', 10 * SECOND, Date.UTC(2026, 2, 1, 12, 2, 20)],
    ['24h', MINUTE, Date.UTC(2026, 1, 28, 13, 3)],
  ] as const)('%s has steps of %d ms, and ends now', (window, stepMs, from) => {
    expect(new AppMetrics().view(window, NOW, [])).toMatchObject({
      window,
      stepMs,
      from,
      until: NOW,
      points: [],
    });
  });

  test('has the steps with requests, and all of its requests', () => {
    const times = [NOW - 90 * MINUTE, NOW - 30 * MINUTE, NOW - 12 * SECOND, NOW - 11.9 * SECOND, NOW];
    const metrics = metricsWith(...times.map((at, index) => request(at, 10 * (index + 1))));
    const short = metrics.view('5m', NOW, []);
    expect(short.totals).toMatchObject({ requests: 3, maxMs: 50 });
    expect(short.points).toMatchObject([
      { at: Date.UTC(2026, 2, 1, 13, 2, 2), requests: 2, maxMs: 40 },
      { at: Date.UTC(2026, 2, 1, 13, 2, 14), requests: 1, maxMs: 50 },
    ]);
    expect(metrics.view('1h', NOW, []).points).toMatchObject([
      { at: Date.UTC(2026, 2, 1, 12, 32, 10), requests: 1 },
      { at: Date.UTC(2026, 2, 1, 13, 2, 0), requests: 2 },
      { at: Date.UTC(2026, 2, 1, 13, 2, 10), requests: 1 },
    ]);
    expect(metrics.view('24h', NOW, []).points).toMatchObject([
      { at: Date.UTC(2026, 2, 1, 11, 32), requests: 1 },
      { at: Date.UTC(2026, 2, 1, 12, 32), requests: 1 },
      { at: Date.UTC(2026, 2, 1, 13, 2), requests: 3 },
    ]);
  });

  test('forgets what is older', () => {
    const metrics = metricsWith(
      request(NOW - 24 * HOUR - MINUTE),
      request(NOW - HOUR - SECOND),
      request(NOW),
    );
    expect(metrics.view('24h', NOW, []).totals.requests).toBe(2);
    expect(metrics.view('1h', NOW, []).totals.requests).toBe(1);
    // In the same place of the ring, a round later.
    metrics.take(request(NOW + HOUR));
    expect(metrics.view('5m', NOW + HOUR, []).totals.requests).toBe(1);
  });
});

describe('memory', () => {
  const quota = 512 * 2 ** 20;

  test('has the dynos that have gone in the order of their names, whichever was measured last', () => {
    const metrics = new AppMetrics();
    for (const dyno of ['worker.2', 'worker.10', 'worker.1']) metrics.memory.add(dyno, NOW, 30);
    const names = metrics.view('5m', NOW, []).dynos.map(({ dyno }) => dyno);
    expect(names).toEqual(['worker.1', 'worker.2', 'worker.10']);
  });

  test('is the most of each step; a dyno that has gone keeps its past', () => {
    const metrics = new AppMetrics();
    metrics.memory.add('web.1', NOW - 14 * SECOND, 50);
    metrics.memory.add('web.1', NOW - 4 * SECOND, 70);
    metrics.memory.add('web.1', NOW - 3 * SECOND, 60);
    metrics.memory.add('run.1234', NOW - 20 * MINUTE, 30);
    const web = { name: 'web.1', memory: 60, memoryQuota: quota };
    const points = [
      { at: Date.UTC(2026, 2, 1, 13, 2), bytes: 50 },
      { at: Date.UTC(2026, 2, 1, 13, 2, 10), bytes: 70 },
    ];
    const now = { dyno: 'web.1', memory: 60, memoryQuota: quota, points };
    expect(metrics.view('5m', NOW, [web]).dynos).toEqual([now]);
    expect(metrics.view('1h', NOW, [web]).dynos).toEqual([
      now,
      {
        dyno: 'run.1234',
        memory: null,
        memoryQuota: null,
        points: [{ at: Date.UTC(2026, 2, 1, 12, 42, 10), bytes: 30 }],
      },
    ]);
    expect(metrics.view('24h', NOW, [web]).dynos.at(0)?.points).toEqual([
      { at: Date.UTC(2026, 2, 1, 13, 2), bytes: 70 },
    ]);
  });

  test('of one-off dynos without end is forgotten, that of the first first', () => {
    const metrics = new AppMetrics();
    for (let i = 1; i <= 150; i += 1) metrics.memory.add(`run.${1000 + i}`, NOW, 30);
    const { dynos } = metrics.view('5m', NOW, []);
    expect(dynos).toHaveLength(100);
    expect(dynos[0]).toMatchObject({ dyno: 'run.1051' });
  });

  test('of a dyno that was never measured is a dyno without points', () => {
    const idle = { name: 'web.1', memory: undefined, memoryQuota: undefined };
    expect(new AppMetrics().view('5m', NOW, [idle]).dynos).toEqual([
      { dyno: 'web.1', memory: null, memoryQuota: null, points: [] },
    ]);
  });
});

describe('marks', () => {
  test.each<[LogEntry, object | undefined]>([
    [said(NOW, 'web.1', 'Restarting'), { kind: 'restart', text: 'restarted', dyno: 'web.1' }],
    [said(NOW, 'web.1', 'Cycling'), { kind: 'cycle', text: 'cycled', dyno: 'web.1' }],
    [
      said(NOW, 'web.1', 'State changed from up to crashed'),
      { kind: 'crash', text: 'crashed', dyno: 'web.1' },
    ],
    [said(NOW, 'web.1', 'State changed from starting to up'), undefined],
    [
      said(NOW, 'web.1', 'Error R14 (Memory quota exceeded)'),
      { kind: 'R14', text: 'R14 Memory quota exceeded', dyno: 'web.1' },
    ],
    [said(NOW, 'web.1', 'Error R14 (Memory quota exceeded)', 'app'), undefined],
    [
      said(NOW, 'api', 'Scaled to web@2:Eco worker@1:Eco by user you@example.com', 'app'),
      { kind: 'scale', text: 'web@2:Eco worker@1:Eco', dyno: null },
    ],
    [
      said(NOW, 'api', 'Disable maintenance mode by user you@example.com', 'app'),
      { kind: 'maintenance', text: 'maintenance off', dyno: null },
    ],
    [
      request(NOW, 30_000, { code: 'H12', status: 503, path: '/slow' }),
      { kind: 'H12', text: 'H12 GET /slow', dyno: 'web.1' },
    ],
    [request(NOW), undefined],
  ])('%j is %j', (entry, mark) => {
    const expected = mark === undefined ? [] : [{ at: NOW, count: 1, ...mark }];
    expect(metricsWith(entry).view('5m', NOW, []).marks).toEqual(expected);
  });

  test('errors of a kind within ten seconds are one, in the order of their beginning', () => {
    const failed = (at: number, dyno: string) => request(at, 1, { code: 'H13', dyno });
    const metrics = metricsWith(
      failed(NOW - 12_000, 'web.1'),
      said(NOW - 5000, 'api', 'Scaled to web@2:Eco by user you@example.com', 'app'),
      failed(NOW - 2001, 'web.3'),
      failed(NOW - 2000, 'web.2'),
      said(NOW - 1000, 'api', 'Scaled to web@1:Eco by user you@example.com', 'app'),
    );
    const { marks } = metrics.view('5m', NOW, []);
    expect(marks.map(({ at, kind, dyno, count }) => [at - NOW, kind, dyno, count])).toEqual([
      [-12_000, 'H13', null, 2],
      [-5000, 'scale', null, 1],
      [-2000, 'H13', 'web.2', 1],
      [-1000, 'scale', null, 1],
    ]);
  });

  test('restarts of dynos at one time are one; of a dyno that restarts again, they are two', () => {
    const restarts = ['web.1', 'web.2', 'worker.1', 'web.1', 'web.2'];
    const metrics = metricsWith(
      ...restarts.map((dyno, index) => said(NOW - 5000 + 1000 * index, dyno, 'Restarting')),
    );
    expect(metrics.view('5m', NOW, []).marks).toEqual([
      { at: NOW - 5000, kind: 'restart', text: 'restarted 3 dynos', dyno: null, count: 1 },
      { at: NOW - 2000, kind: 'restart', text: 'restarted 2 dynos', dyno: null, count: 1 },
    ]);
  });

  test('a path of any length is shortened', () => {
    const [mark] = metricsWith(request(NOW, 1, { code: 'H12', path: `/?${'x'.repeat(8000)}` })).marks.since(
      0,
    );
    expect(mark?.text).toBe(`H12 GET /?${'x'.repeat(197)}…`);
  });

  test('of a kind are told apart by their millisecond', () => {
    const { marks } = new AppMetrics();
    for (const text of ['v1', 'v2', 'v3']) marks.add({ at: NOW + 0.3, kind: 'release', text, dyno: null });
    marks.add({ at: NOW + 0.3, kind: 'scale', text: 'web@1:Eco', dyno: null });
    const told = marks.since(NOW).map(({ at, text }) => [Math.floor(at) - NOW, text]);
    expect(told).toEqual([
      [0, 'v1'],
      [0, 'web@1:Eco'],
      [1, 'v2'],
      [2, 'v3'],
    ]);
  });

  test('a flood of errors leaves those of users', () => {
    const scaled = said(NOW - 20 * HOUR, 'api', 'Scaled to web@2:Eco by user you@example.com', 'app');
    const metrics = metricsWith(scaled);
    for (let at = NOW - 20 * HOUR; at < NOW; at += 10_000) metrics.take(request(at, 1, { code: 'H10' }));
    expect(metrics.view('24h', NOW, []).marks.filter(({ kind }) => kind === 'scale')).toHaveLength(1);
  });
});

test('a day of 100 requests a second, with memory of ten dynos, takes less than 10 MB', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const metrics = new AppMetrics();
  const start = used();
  const entries = Array.from({ length: 100 }, (_, i) =>
    request(0, 1.1 ** i, { code: i === 0 ? 'H13' : null }),
  );
  for (let at = NOW - 24 * HOUR; at <= NOW; at += SECOND) {
    for (const entry of entries) metrics.take({ ...entry, at });
    if (at % (10 * SECOND) < SECOND)
      for (let i = 1; i <= 10; i += 1) metrics.memory.add(`web.${i}`, at, 1e8 + at);
  }
  expect(used() - start).toBeLessThan(10 * 2 ** 20);
  expect(metrics.view('24h', NOW, []).totals.requests).toBeGreaterThan(8_600_000);
});
