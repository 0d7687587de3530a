import { expect, test } from 'vitest';
import { addRequest, countsOf, emptyTally, mergeTallies } from '../../../../src/apps/metrics/tally.js';
import { factsOf } from '../../../helpers/router-facts.js';

function tallyOf(times: readonly number[]) {
  const tally = emptyTally();
  for (const ms of times) addRequest(tally, factsOf(ms));
  return tally;
}

test('without requests there are no times', () => {
  expect(countsOf(emptyTally())).toEqual({
    requests: 0,
    held: 0,
    statuses: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    maxMs: null,
  });
});

test('requests are counted by the class of their status, websockets without a time', () => {
  const tally = emptyTally();
  for (const status of [200, 204, 302, 404, 499, 503, 0]) addRequest(tally, factsOf(10, { status }));
  addRequest(tally, factsOf(3_600_000, { status: 101, isHeld: true }));
  expect(countsOf(tally)).toMatchObject({
    requests: 8,
    held: 1,
    statuses: { '1xx': 2, '2xx': 2, '3xx': 1, '4xx': 2, '5xx': 1 },
    maxMs: 10,
  });
});

/** By the nearest rank. */
function exact(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

test.each<[string, readonly number[]]>([
  ['even', Array.from({ length: 1000 }, (_, i) => i + 1)],
  ['exponential', Array.from({ length: 1000 }, (_, i) => 0.2 * 1.012 ** i)],
  ['mostly short, a few held for a wake', [...Array(950).fill(2.3), ...Array(50).fill(5400)]],
  ['all alike', Array(40).fill(17)],
])('percentiles of times that are %s are at most 5 %% off', (_, times) => {
  const { p50Ms, p95Ms, p99Ms, maxMs } = countsOf(tallyOf(times));
  for (const [got, share] of [
    [p50Ms, 0.5],
    [p95Ms, 0.95],
    [p99Ms, 0.99],
  ] as const) {
    expect(Math.abs(Number(got) / exact(times, share) - 1), String(share)).toBeLessThan(0.05);
  }
  expect(maxMs).toBeCloseTo(Math.max(...times), 1);
});

test('no percentile is above the maximum, however long a request took', () => {
  expect(countsOf(tallyOf([100_000, 3_600_000, 3_600_000]))).toMatchObject({
    p50Ms: 3_600_000,
    maxMs: 3_600_000,
  });
  expect(countsOf(tallyOf([0, 0.04]))).toMatchObject({ p50Ms: 0, maxMs: 0 });
});

test('tallies merge as if all had been counted in one', () => {
  const [one, other] = [
    [1, 5, 80],
    [3, 900],
  ] as const;
  expect(countsOf(mergeTallies([tallyOf(one), tallyOf(other)]))).toEqual(
    countsOf(tallyOf([...one, ...other])),
  );
});
