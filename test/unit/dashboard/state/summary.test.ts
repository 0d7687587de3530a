import { expect, test } from 'vitest';
import { inParts } from '../../../../src/dashboard/state/summary.js';

test('requests are added up in parts that keep their values while time passes', () => {
  const values = [
    { at: 500, requests: 9 },
    { at: 11_000, requests: 1 },
    { at: 19_999, requests: 2 },
    { at: 20_000, requests: 4 },
  ];
  expect(inParts(values, 24_000, 20_000, 2)).toEqual([3, 4]);
  expect(inParts(values, 29_999, 20_000, 2)).toEqual([3, 4]);
  expect(inParts(values, 30_001, 20_000, 2)).toEqual([4, 0]);
});
