import type { AppSleep } from './app-sleep.js';
import type { SleepChange } from './history.js';
import type { ReportView, SleepChangeView, WakeView } from './views.js';
import type { Wake } from './wakes.js';

/** Reports an app's wakes, how long they took, and the dyno hours saved. */
export function reportOf(sleep: AppSleep): ReportView {
  const { wakes, p50Ms, p95Ms, maxMs } = sleep.wakes.totals();
  const { usedMs, savedMs, projectedMonthMs, quotaMs, monthUsedMs, allUsedMs } = sleep.usage();
  return {
    wakes: sleep.wakes.list.map(viewOf),
    history: sleep.sleeper.history.list.map(changeOf),
    totals: {
      wakes,
      p50Ms: Math.round(p50Ms),
      p95Ms: Math.round(p95Ms),
      maxMs: Math.round(maxMs),
      hoursUsed: hours(usedMs),
      hoursSaved: hours(savedMs),
      projectedMonthHours: hours(projectedMonthMs),
    },
    quota: Number.isFinite(quotaMs)
      ? { hours: hours(quotaMs), used: hours(monthUsedMs), left: hours(Math.max(0, quotaMs - allUsedMs)) }
      : null,
    callers: sleep.callers.list(),
  };
}

function changeOf({ at, platformAt, state }: SleepChange): SleepChangeView {
  return { at: new Date(at).toISOString(), platformAt: new Date(platformAt).toISOString(), state };
}

function viewOf({ at, platformAt, cause, held, ...durations }: Wake): WakeView {
  const { sleptMs, delayMs, bootMs, firstByteMs, longestWaitMs } = durations;
  return {
    at: new Date(at).toISOString(),
    platformAt: new Date(platformAt).toISOString(),
    method: cause?.method ?? null,
    path: cause?.path ?? null,
    client: cause?.client ?? null,
    userAgent: cause?.userAgent ?? null,
    sleptMs: Math.round(sleptMs),
    delayMs: rounded(delayMs),
    bootMs: rounded(bootMs),
    firstByteMs: rounded(firstByteMs),
    held,
    longestWaitMs: Math.round(longestWaitMs),
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}

/** To the second, like Heroku. */
function hours(ms: number): number {
  return Math.round(ms / 1000) / 3600;
}
