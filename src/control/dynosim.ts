import { invalidParams } from './errors.js';
import { bodyObject, ok, type Route } from './route.js';

/** What Heroku's API has no words for. */
export const dynosimRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/dynosim/host',
    handler: ({ instance, apps }) => ok({ instance, pid: process.pid, apps: apps.map(({ name }) => name) }),
  },
  { method: 'GET', path: '/dynosim/clock', handler: ({ clock }) => ok(clock) },
  {
    method: 'POST',
    path: '/dynosim/clock/advance',
    async handler(control, request) {
      const { ms } = bodyObject(request);
      if (typeof ms !== 'number' || !(ms >= 0) || !Number.isFinite(ms)) {
        throw invalidParams('The body needs "ms", a number of milliseconds.');
      }
      await control.advanceClock(ms);
      return ok(control.clock);
    },
  },
  {
    method: 'POST',
    path: '/dynosim/stop',
    handler(control) {
      control.requestStop();
      return ok({}, 202);
    },
  },
];
