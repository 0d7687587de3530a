import { expect, test } from 'vitest';
import { refreshStep } from '../../../../src/dashboard/state/refresh.js';

const START = 1_000_000_000;

/** How often something is read in a minute in which a request comes every so many ms. */
function readsInAMinute(everyMs: number): number {
  const steps = Array.from({ length: 60_000 / everyMs }, (_, request) => {
    const at = START + request * everyMs;
    return refreshStep(at, at, 5000, 20_000);
  });
  return new Set(steps).size;
}

test('however many requests come, it is read every few seconds', () => {
  expect(readsInAMinute(10)).toBe(12);
  expect(readsInAMinute(1000)).toBe(12);
});

test('the first request after a quiet time has it read at once', () => {
  const quiet = refreshStep(START, START - 60_000, 5000, 20_000);
  expect(refreshStep(START + 1, START - 60_000, 5000, 20_000)).toBe(quiet);
  expect(refreshStep(START + 2, START + 2, 5000, 20_000)).not.toBe(quiet);
});
