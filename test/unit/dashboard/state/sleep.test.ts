import { expect, test } from 'vitest';
import type { SleepView } from '../../../../src/apps/sleep/views.js';
import { describeApp, describeSleep } from '../../../../src/dashboard/state/sleep.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MINUTE = 60_000;

function view(more: Partial<SleepView>): SleepView {
  return { state: 'awake', since: NOW, sleepsAt: undefined, inFlight: 0, isExhausted: false, ...more };
}

/** Platform time is an hour ahead, and runs at this speed. */
function clock(speed: number) {
  return { speed, skippedMs: 60 * MINUTE, wall: NOW, platform: NOW + 60 * MINUTE };
}

test('an awake app counts down in platform time', () => {
  const awake = view({ sleepsAt: NOW + 90 * MINUTE });
  expect(describeSleep(awake, clock(1), NOW).headline).toBe('Awake, sleeps in 30:00');
  expect(describeSleep(awake, clock(1), NOW + 500).headline).toBe('Awake, sleeps in 30:00');
  expect(describeSleep(awake, clock(60), NOW + 10_000).headline).toBe('Awake, sleeps in 20:00');
  expect(describeSleep(awake, clock(60), NOW + 60_000).headline).toBe('Awake, sleeps in 0:00');
});

test('requests in flight keep an app awake', () => {
  expect(describeSleep(view({ inFlight: 1 }), clock(1), NOW)).toEqual({
    headline: 'Awake',
    detail: 'Kept awake by 1 request in flight.',
  });
});

test('an app that sleeps says since when, and what wakes it', () => {
  const asleep = view({ state: 'asleep', since: NOW - 90 * MINUTE });
  expect(describeSleep(asleep, clock(1), NOW)).toEqual({
    headline: expect.stringMatching(/^Asleep since \d\d:\d\d$/),
    detail: 'The next request wakes it.',
  });
  expect(describeSleep({ ...asleep, isExhausted: true }, clock(1), NOW).detail).toContain(
    'no request wakes it',
  );
});

test('an app that wakes says how many requests wait', () => {
  const detail = (inFlight: number) =>
    describeSleep(view({ state: 'waking', inFlight }), clock(1), NOW).detail;
  expect(detail(0)).toContain('No request waits.');
  expect(detail(1)).toContain('1 request waits.');
  expect(detail(3)).toContain('3 requests wait.');
});

test('an app without dynos is neither awake nor asleep', () => {
  const sleep = view({ state: 'never' });
  const said = (isBlank?: boolean) => describeApp({ sleep, dynos: [] }, isBlank, clock(1), NOW);
  expect(said(true)).toMatchObject({ state: 'empty', headline: 'No code yet' });
  expect(said(false)).toMatchObject({ state: 'empty', headline: 'No dynos' });
  expect(describeApp({ sleep: undefined, dynos: [] }, true, clock(1), NOW)).toBeUndefined();
});

test('an app that never sleeps says so', () => {
  expect(describeSleep(view({ state: 'never' }), undefined, NOW).headline).toBe('Awake, never sleeps');
});
