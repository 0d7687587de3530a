import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';

/** When a job runs, as its user says it. Times are UTC. */
export interface Schedule {
  readonly every: Every;
  /** `30`: the minute of the hour; `02:30`: the time of the day; null for every ten minutes. */
  readonly at: string | null;
}

/** https://devcenter.heroku.com/articles/scheduler#scheduling-jobs */
type Every = '10m' | 'hourly' | 'daily';

const MINUTE = 60_000;

/** How long it is from one run to the next, which is how long a run may take: platform time in ms. */
export const INTERVALS_MS = { '10m': 10 * MINUTE, hourly: 60 * MINUTE, daily: 24 * 60 * MINUTE } as const;

/** @throws UserError `BAD_SCHEDULE` */
export function checkSchedule({
  every,
  at,
}: {
  readonly every: string;
  readonly at: string | null;
}): Schedule {
  if (every === '10m' && at === null) return { every, at };
  if (every === 'hourly' && at !== null && /^:?[0-5]?\d$/.test(at))
    return { every, at: at.replace(':', '').padStart(2, '0') };
  if (every === 'daily' && at !== null && /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(at))
    return { every, at: at.padStart(5, '0') };
  throw new UserError(
    'BAD_SCHEDULE',
    `No job runs ${quote([every, at ?? ''].join(' ').trim())}: Heroku Scheduler has three kinds of schedules`,
    'Write --every 10m, --hourly 30 (the minute) or --daily 02:30 (UTC).',
  );
}

/**
 * When a job is due next.
 * @param now a date in ms since 1970
 * @returns the first date after it
 */
export function nextDue({ every, at }: Schedule, now: number): number {
  const interval = INTERVALS_MS[every];
  const [first = 0, second = 0] = (at ?? '').split(':').map(Number);
  const offset = every === 'daily' ? (first * 60 + second) * MINUTE : first * MINUTE;
  // In UTC, each hour and day since 1970 begins at a multiple of its length: there are no leap seconds.
  return Math.floor((now - offset) / interval) * interval + offset + interval;
}
