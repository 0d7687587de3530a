import { expect, test } from 'vitest';
import { barLength, segmentsOf } from '../../../../src/dashboard/state/timeline.js';
import { NO_TIME } from '../../../helpers/router-facts.js';

test('the parts of a request that waited for a wake follow each other', () => {
  const timeline = {
    ...NO_TIME,
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
  expect(segmentsOf(NO_TIME)).toEqual([]);
});

test('a bar grows with the logarithm of the time, and stays visible', () => {
  const [none = 0, ten = 0, wake = 0, timeout = 0] = [0, 10, 5500, 30_000].map(barLength);
  expect(none).toBeGreaterThan(0);
  expect(ten).toBeLessThan(wake);
  expect(timeout).toBe(1);
});
