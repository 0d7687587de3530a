import { expect, test } from 'vitest';
import type { Mark, MetricsPoint, MetricsView } from '../../../../src/apps/metrics/views.js';
import {
  groupMarks,
  laneOf,
  latencyData,
  lineStyle,
  memoryData,
  throughputData,
} from '../../../../src/dashboard/state/metrics.js';

function point(at: number, more: Partial<MetricsPoint> = {}): MetricsPoint {
  const statuses = { '1xx': 0, '2xx': 2, '3xx': 0, '4xx': 1, '5xx': 3 };
  return { at, requests: 6, held: 0, statuses, p50Ms: 10, p95Ms: 20, p99Ms: 30, maxMs: 0.5, ...more };
}

function view(points: readonly MetricsPoint[]): MetricsView {
  const totals = point(0);
  return { window: '5m', from: 0, until: 4500, stepMs: 1000, totals, points, dynos: [], marks: [] };
}

test('every step of the window is on the axis, also those without requests', () => {
  const [times, max, , , p50] = latencyData(view([point(2000)]));
  expect(times).toEqual([1, 2, 3, 4]);
  expect(p50).toEqual([null, 10, null, null]);
  // The axis is logarithmic.
  expect(max).toEqual([null, 1, null, null]);
});

test('statuses are stacked, errors on top', () => {
  const [, ...lines] = throughputData(view([point(2000)]));
  expect(lines.map((line) => line[1])).toEqual([6, 3, 2, 2, 0]);
});

test('lines of many dynos are told apart by colour and pattern', () => {
  const styles = Array.from({ length: 12 }, (_, index) => JSON.stringify(lineStyle(index)));
  expect(new Set(styles).size).toBe(12);
  expect(lineStyle(12)).toEqual(lineStyle(0));
});

test('memory has a line for each dyno, with a gap where nothing was measured', () => {
  const dyno = { dyno: 'web.1', memory: 5, memoryQuota: 10 };
  const points = [0, 10_000, 40_000].map((at) => ({ at, bytes: at }));
  const [times = [], ...lines] = memoryData({ ...view([]), until: 45_000, dynos: [{ ...dyno, points }] });
  const [line = []] = lines;
  expect(times.map((time, index) => [time, line[index]]).filter(([, bytes]) => bytes !== null)).toEqual([
    ...times.slice(0, 9).map((time) => [time, 0]),
    ...times.slice(9, 19).map((time) => [time, 10_000]),
    ...times.slice(39).map((time) => [time, 40_000]),
  ]);
});

test('marks that are close to each other are drawn as one, at the time of the first', () => {
  const mark = (at: number, kind: Mark['kind']): Mark => ({ at, kind, text: '', dyno: null, count: 1 });
  const marks = [
    mark(-1, 'H12'),
    mark(100, 'H12'),
    mark(101, 'H12'),
    mark(102, 'R14'),
    mark(500, 'H12'),
    mark(1000, 'sleep'),
  ];
  const groups = groupMarks(marks, { from: 0, until: 1000 }, 0.01);
  expect(groups.map(({ place, marks }) => [place, marks.map(({ kind }) => kind)])).toEqual([
    [0.1, ['H12', 'H12', 'R14']],
    [0.5, ['H12']],
    [1, ['sleep']],
  ]);
});

test('each kind of mark has a row', () => {
  const kinds = ['release', 'scale', 'crash', 'H12', 'R14', 'sleep', 'wake', 'advance'] as const;
  expect(kinds.map(laneOf)).toEqual([
    'Releases',
    'Dynos',
    'Dynos',
    'Errors',
    'Errors',
    'Sleep',
    'Sleep',
    'Sleep',
  ]);
});
