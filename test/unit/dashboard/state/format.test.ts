import { expect, test } from 'vitest';
import {
  ago,
  bytes,
  countdown,
  counted,
  duration,
  hours,
  span,
} from '../../../../src/dashboard/state/format.js';

test.each([
  [0, '0 ms'],
  [0.04, '0.1 ms'],
  [0.5, '0.5 ms'],
  [12.4, '12 ms'],
  [999, '999 ms'],
  [1250, '1.25 s'],
  [31_000, '31.0 s'],
  [125_000, '2 min 5 s'],
])('a request of %f ms took %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [900, '0 s'],
  [59_999, '59 s'],
  [250_000, '4 min 10 s'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
  [90_000_000, '1 d 1 h'],
])('%d ms are %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

test('what is past is told in one unit', () => {
  expect([-1, 59_999, 250_000, 90_000_000].map(ago)).toEqual([
    'just now',
    'just now',
    '4 min ago',
    '1 d ago',
  ]);
});

test('a countdown ends at 0:00, and not before the last second is over', () => {
  expect([-5, 0, 150, 61_000, 60_020, 3_723_000].map(countdown)).toEqual([
    '0:00',
    '0:00',
    '0:01',
    '1:01',
    '1:00',
    '1:02:03',
  ]);
});

test('amounts have units', () => {
  expect([0, 1023, 1536, 61 * 1024 ** 2, 1.5 * 1024 ** 3].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 kB',
    '61 MB',
    '1.5 GB',
  ]);
  expect([0, 0.021, 41.23, 612.4].map(hours)).toEqual(['0.0 h', '0.02 h', '41.2 h', '612 h']);
  expect([counted(1, 'request'), counted(1204, 'request')]).toEqual(['1 request', '1,204 requests']);
});
