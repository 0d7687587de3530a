import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatAge, formatAgo, formatTime } from '../../../../src/cli/format/age.js';

const NOW = Date.UTC(2026, 2, 1, 13, 2, 14);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'America/Los_Angeles';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  [0, '0s'],
  [59.9 * SECOND, '59s'],
  [60 * SECOND, '1m'],
  [59.9 * MINUTE, '59m'],
  [60 * MINUTE, '1h'],
  [24.9 * HOUR, '24h'],
  [25 * HOUR, ''],
  [-5 * SECOND, '0s'],
])('what was %d ms ago has the age "%s"', (ago, age) => {
  expect(formatAge(NOW - ago, NOW)).toBe(age);
});

test('a time is local, with its offset', () => {
  expect(formatTime(NOW)).toBe('2026/03/01 05:02:14 -0800');
  process.env.TZ = 'Asia/Kolkata';
  expect(formatTime(NOW)).toBe('2026/03/01 18:32:14 +0530');
});

test('only recent times are followed by an age', () => {
  expect(formatAgo(NOW - 4 * MINUTE, NOW)).toBe('2026/03/01 04:58:14 -0800 (~ 4m ago)');
  expect(formatAgo(NOW - 30 * HOUR, NOW)).toBe('2026/02/27 23:02:14 -0800');
});
