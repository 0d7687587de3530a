import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/base/duration.js';

describe('reading a duration', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['2d', 172_800_000],
    ['0', 0],
    ['never', Number.POSITIVE_INFINITY],
    [' 30S ', 30_000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '30', 'soon', '-5s', '5 m', '1h30', 's', '1e3s'])(
    'refuses %j and says how to write it',
    (text) => {
      expect(() => parseDuration(text)).toThrow(
        expect.objectContaining({ code: 'BAD_DURATION', hint: expect.stringContaining('1h30m') }),
      );
    },
  );
});

test('a formatted duration is parsed back to the same value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
  expect(parseDuration(formatDuration(Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
});
