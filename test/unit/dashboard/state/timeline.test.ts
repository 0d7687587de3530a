import { expect, test } from 'vitest';
import { barLength, segmentsOf } from '../../../../src/dashboard/state/timeline.js';

const NONE = {
  queuedMs: 0,
  delayMs: 0,
  bootMs: 0,
  connectMs: 0,
  firstByteMs: null,
  bodyMs: null,
  totalMs: 0,
};

test('the parts of a request that waited for a wake follow each other', () => {
  const timeline = {
    ...NONE,
    delayMs: 500,
    bootMs: 250,
    connectMs: 50,
    firstByteMs: 150,
    bodyMs: 50,
    totalMs: 1000,
  };
  const segments = segmentsOf(timeline);
  expect(segments.map(({ label }) => label)).toEqual(['Wake delay', 'Boot', 'Connect', 'First byte', 'Body']);
  expect(segments.map(({ from }) => Number(from.toFixed(3)))).toEqual([0, 0.5, 0.75, 0.8, 0.95]);
  expect(segments.at(-1)?.until).toBeCloseTo(1);
});

test('a request without time has no parts', () => {
  expect(segmentsOf(NONE)).toEqual([]);
});

test('a bar grows with the logarithm of the time, and stays visible', () => {
  const [none = 0, ten = 0, wake = 0, timeout = 0] = [0, 10, 5500, 30_000].map(barLength);
  expect(none).toBeGreaterThan(0);
  expect(ten).toBeLessThan(wake);
  expect(timeout).toBe(1);
});
