import { describe, expect, test } from 'vitest';
import type { MetricsView, RequestCounts } from '../../../../src/apps/metrics/views.js';
import { formatTime } from '../../../../src/cli/format/age.js';
import { formatMetrics, toMetricsJson } from '../../../../src/cli/format/metrics.js';
import { sparkline } from '../../../../src/cli/format/sparkline.js';

const NOW = Date.UTC(2026, 2, 1, 13, 2, 14, 500);
const FROM = NOW - 500 - 299_000;
const MB = 2 ** 20;

const PLAIN = {
  heading: (text: string) => `=== ${text}`,
  paint: (_style: string, text: string) => text,
  width: 100,
};

const NONE: RequestCounts = {
  requests: 0,
  held: 0,
  statuses: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  maxMs: null,
};

function counts(requests: number, maxMs: number): RequestCounts {
  const statuses = { ...NONE.statuses, '2xx': requests - 1, '5xx': 1 };
  return { requests, held: 1, statuses, p50Ms: 0.84, p95Ms: 18.4, p99Ms: 940, maxMs };
}

function metrics(more: Partial<MetricsView> = {}): MetricsView {
  const empty = { totals: NONE, points: [], dynos: [], marks: [] };
  return { window: '5m', from: FROM, until: NOW, stepMs: 1000, ...empty, ...more };
}

describe('metrics for people', () => {
  test('without anything', () => {
    expect(formatMetrics(metrics(), PLAIN)).toEqual([
      '=== Requests of the last 5 minutes',
      '',
      'There were none.',
      '',
      '=== Memory',
      '',
      'No dyno has been measured.',
      '',
      '=== What happened',
      '',
      'Nothing.',
    ]);
  });

  test('requests, with plots over the whole window', () => {
    const points = [
      { at: FROM, ...counts(2, 3) },
      { at: FROM + 299_000, ...counts(5, 5400) },
      { at: FROM + 298_000, ...counts(5, 20) },
    ];
    const lines = formatMetrics(metrics({ totals: counts(12, 5400), points }), PLAIN);
    expect(lines.slice(2, 8)).toEqual([
      'Requests:          12 (2.4/min)',
      'Status:            2xx 11  5xx 1',
      'Response time:     p50 0.8 ms  p95 18 ms  p99 940 ms  max 5.4 s',
      'Waited for a dyno: 1',
      `Throughput:        ▂${'·'.repeat(58)}█ up to 2/s`,
      `Longest:           ▁${'·'.repeat(58)}█ up to 5.4 s`,
    ]);
  });

  test.each([
    ['5m', 3600, '12/s'],
    ['5m', 1, '0.2/min'],
    ['1h', 3600, '1/s'],
    ['1h', 5, '5/h'],
    ['24h', 36, '1.5/h'],
    ['24h', 1, '1/day'],
  ] as const)('a rate in %s of %d requests is %s', (window, requests, rate) => {
    const [, , line] = formatMetrics(metrics({ window, totals: counts(requests, 1) }), PLAIN);
    expect(line).toBe(`Requests:          ${requests} (${rate})`);
  });

  test('memory against the quota, also of dynos that have gone', () => {
    const points = [{ at: FROM, bytes: 74 * MB }];
    const quota = { memoryQuota: 512 * MB };
    const dynos = [
      { dyno: 'web.1', memory: 61 * MB, ...quota, points },
      { dyno: 'web.2', memory: 700 * MB, ...quota, points: [] },
      { dyno: 'web.3', memory: null, ...quota, points: [] },
      { dyno: 'run.1234', memory: null, memoryQuota: null, points },
    ];
    expect(formatMetrics(metrics({ dynos }), PLAIN).slice(6, 11)).toEqual([
      'dyno      now     quota   used                     most',
      '─────────────────────────────────────────────────────────',
      'web.1     61 MB   512 MB  ██               12%     74 MB',
      'web.2     700 MB  512 MB  ████████████████ 137% !  700 MB',
      'run.1234  -       -                                74 MB',
    ]);
  });

  test('what happened, counted', () => {
    const mark = { at: NOW, dyno: 'web.1', count: 1 };
    const marks = [
      { ...mark, kind: 'release' as const, text: 'v7 Set \u001b[31mGREETING', dyno: null },
      ...Array.from({ length: 15 }, () => ({ ...mark, kind: 'H12' as const, text: 'H12 GET /', count: 2 })),
    ];
    const lines = formatMetrics(metrics({ marks }), PLAIN);
    const time = formatTime(NOW).slice(11, 19);
    expect(lines.at(-4)).toBe(`${time}  H12   web.1  H12 GET / (2 times)`);
    expect(lines.slice(-2)).toEqual(['The last 15; --json shows all.', 'All: H12 30, release 1']);
    expect(formatMetrics(metrics({ marks: marks.slice(0, 1) }), PLAIN).join('')).not.toMatch(/\p{Cc}/u);
  });

  test('fit a narrow terminal', () => {
    const dynos = [{ dyno: 'web.1', memory: 61 * MB, memoryQuota: 512 * MB, points: [] }];
    const marks = [
      { at: NOW, kind: 'H12' as const, text: `H12 GET /${'x'.repeat(200)}`, dyno: 'web.1', count: 1 },
    ];
    const points = [{ at: FROM, ...counts(2, 3) }];
    const view = metrics({ dynos, marks, points, totals: counts(2, 3) });
    const lines = formatMetrics(view, { ...PLAIN, width: 66 });
    expect(lines.filter((line) => line.length > 66)).toEqual([]);
  });
});

test('metrics for programs have ISO dates', () => {
  const points = [{ at: FROM, bytes: 1 }];
  const view = metrics({
    points: [{ at: FROM, ...NONE }],
    dynos: [{ dyno: 'web.1', memory: 1, memoryQuota: 2, points }],
    marks: [{ at: NOW, kind: 'sleep', text: 'asleep', dyno: null, count: 1 }],
  });
  const from = '2026-03-01T12:57:15.000Z';
  expect(toMetricsJson(view)).toEqual({
    window: '5m',
    from,
    until: '2026-03-01T13:02:14.500Z',
    stepMs: 1000,
    totals: NONE,
    points: [{ at: from, ...NONE }],
    dynos: [{ dyno: 'web.1', memory: 1, memoryQuota: 2, points: [{ at: from, bytes: 1 }] }],
    marks: [{ at: '2026-03-01T13:02:14.500Z', kind: 'sleep', text: 'asleep', dyno: null, count: 1 }],
  });
});

test.each<[number[], string]>([
  [[], ''],
  [[0, 0], '··'],
  [[1], '█'],
  [[0, 1, 2, 4, 8, 7.9], '·▁▂▄██'],
])('%j is drawn as %s', (values, text) => {
  expect(sparkline(values)).toBe(text);
});
