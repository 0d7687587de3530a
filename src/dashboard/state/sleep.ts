import type { ClockView } from '../../api/control.js';
import type { SleepView } from '../../apps/sleep/views.js';
import { platformTime } from './clock.js';
import { countdown, counted, dayTime } from './format.js';

/** What the page says about an app's sleep. */
export interface SleepText {
  /** `Awake, sleeps in 24:31` */
  readonly headline: string;
  readonly detail: string;
}

/** How long until the app falls asleep, ms of platform time; undefined if nothing counts down. */
export function timeLeft(sleep: SleepView, clock: ClockView | undefined, now: number): number | undefined {
  if (sleep.state !== 'awake' || sleep.sleepsAt === undefined) return undefined;
  return Math.max(0, sleep.sleepsAt - platformTime(clock, now));
}

export function describeSleep(sleep: SleepView, clock: ClockView | undefined, now: number): SleepText {
  switch (sleep.state) {
    case 'asleep':
      return {
        headline: `Asleep since ${dayTime(sleep.since, now)}`,
        detail: sleep.isExhausted
          ? "This month's dyno hours are used up: no request wakes it before the next month."
          : 'The next request wakes it.',
      };
    case 'waking':
      return {
        headline: 'Waking',
        detail: `Since ${dayTime(sleep.since, now)}. ${waiting(sleep.inFlight)}`,
      };
    case 'never':
      return {
        headline: 'Awake, never sleeps',
        detail: 'Its dynos have a size that does not sleep, or sleep is off.',
      };
    case 'awake': {
      const left = timeLeft(sleep, clock, now);
      if (left === undefined)
        return {
          headline: 'Awake',
          detail: `Kept awake by ${counted(sleep.inFlight, 'request')} in flight.`,
        };
      return {
        headline: `Awake, sleeps in ${countdown(left)}`,
        detail: 'Any request starts the countdown again.',
      };
    }
  }
}

function waiting(requests: number): string {
  return requests === 0
    ? 'No request waits.'
    : `${counted(requests, 'request')} ${requests === 1 ? 'waits' : 'wait'}.`;
}
