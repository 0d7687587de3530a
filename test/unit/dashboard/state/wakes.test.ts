import { expect, test } from 'vitest';
import { wakeCause, wakeParts, wakeTimes } from '../../../../src/dashboard/state/wakes.js';

test('a wake is made of the delay, the boot and the answer', () => {
  const parts = wakeParts({ delayMs: 5000, bootMs: 400, firstByteMs: 5420 });
  expect(parts.map(({ label, ms }) => [label, ms])).toEqual([
    ['wake delay', 5000],
    ['boot', 400],
    ['answer', 20],
  ]);
});

test('what is unknown is left out', () => {
  expect(wakeParts({ delayMs: 5000, bootMs: null, firstByteMs: null }).map(({ key }) => key)).toEqual([
    'delayMs',
  ]);
});

test('a wake is caused by a request or by the user', () => {
  expect(wakeCause({ method: 'GET', path: '/jobs' })).toBe('GET /jobs');
  expect(wakeCause({ method: null, path: null })).toBe('woken by hand');
});

test('a wake has both times where platform time is ahead', () => {
  const at = new Date(2026, 10, 29, 0, 50, 37);
  const ahead = (ms: number) => ({
    at: at.toISOString(),
    platformAt: new Date(at.getTime() + ms).toISOString(),
  });
  expect(wakeTimes(ahead(0), at.getTime())).toEqual(['00:50:37']);
  expect(wakeTimes(ahead(31 * 60_000), at.getTime())).toEqual(['00:50:37', '01:21:37']);
  expect(wakeTimes(ahead(24 * 3_600_000), at.getTime())).toEqual(['00:50:37', '30 Nov 00:50:37']);
});
