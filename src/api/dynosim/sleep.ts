import type { App } from '../../apps/app.js';
import type { Wake } from '../../apps/sleep/wakes.js';
import { appOf } from '../heroku/apps.js';
import { ok, type Route } from '../route.js';

/** Sleep and wake by hand, and what has come of them. */
export const sleepRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/dynosim/apps/:app/sleep',
    handler(control, request) {
      appOf(control, request).sleep.sleeper.sleepNow();
      return ok({}, 202);
    },
  },
  {
    method: 'POST',
    path: '/dynosim/apps/:app/wake',
    handler(control, request) {
      appOf(control, request).sleep.sleeper.wakeNow();
      return ok({}, 202);
    },
  },
  {
    method: 'GET',
    path: '/dynosim/apps/:app/report',
    handler: (control, request) => ok(serializeReport(appOf(control, request))),
  },
];

/** What `dynosim report --json` prints. */
export function serializeReport({ sleep }: App) {
  const { wakes, p50Ms, p95Ms, maxMs } = sleep.wakes.totals();
  const { usedMs, savedMs, projectedMonthMs } = sleep.usage();
  return {
    wakes: sleep.wakes.list.map(serializeWake),
    totals: {
      wakes,
      p50Ms: Math.round(p50Ms),
      p95Ms: Math.round(p95Ms),
      maxMs: Math.round(maxMs),
      hoursUsed: hours(usedMs),
      hoursSaved: hours(savedMs),
      projectedMonthHours: hours(projectedMonthMs),
    },
    callers: sleep.callers.list(),
  };
}

/** What is not known is null: who woke the app by hand, the boot of a dyno that crashed. */
function serializeWake({ at, cause, held, ...durations }: Wake) {
  const { sleptMs, delayMs, bootMs, firstByteMs, longestWaitMs } = durations;
  return {
    at: new Date(at).toISOString(),
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

/** To the second, as Heroku counts them. */
function hours(ms: number): number {
  return Math.round(ms / 1000) / 3600;
}
