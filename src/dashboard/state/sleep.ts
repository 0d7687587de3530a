import type { ClockView } from '../../api/control.js';
import type { SleepView } from '../../apps/sleep/views.js';
import { platformTime } from './clock.js';
import { countdown, counted, dayTime } from './format.js';
import type { AppState } from './model.js';

/** What the page says about an app's sleep. */
export interface SleepText {
  readonly state: SleepView['state'] | 'empty';
  /** `Awake, sleeps in 24:31` */
  readonly headline: string;
  readonly detail: string;
}

/** How long until the app falls asleep, ms of platform time; undefined if nothing counts down. */
export function timeLeft(sleep: SleepView, clock: ClockView | undefined, now: number): number | undefined {
  if (sleep.state !== 'awake' || sleep.sleepsAt === undefined) return undefined;
  return Math.max(0, sleep.sleepsAt - platformTime(clock, now));
}

/**
 * What the page says about an app's sleep, if that is known.
 * @param isBlank whether the app has no code, if that is known
 */
export function describeApp(
  { sleep, dynos }: Pick<AppState, 'sleep' | 'dynos'>,
  isBlank: boolean | undefined,
  clock: ClockView | undefined,
  now: number,
): SleepText | undefined {
  if (!sleep) return undefined;
  if (dynos.length > 0) return { state: sleep.state, ...describeSleep(sleep, clock, now) };
  return isBlank
    ? { state: 'empty', headline: 'No code yet', detail: 'A push with git deploys it.' }
    : { state: 'empty', headline: 'No dynos', detail: 'All process types are scaled to 0, so nothing runs.' };
}

/** What is said of an app that has dynos. */
export function describeSleep(
  sleep: SleepView,
  clock: ClockView | undefined,
  now: number,
): Omit<SleepText, 'state'> {
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
