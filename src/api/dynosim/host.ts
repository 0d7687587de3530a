import type { Attachments } from '../attach/attachments.js';
import { isTerminalSize } from '../attach/terminal-size.js';
import { bodyObject, ok, type Route } from '../route.js';
import { invalidParams } from '../server/errors.js';

/** A dyno that sleeps and counts its hours month by month does not need to see more. */
const MOST_AT_ONCE_MS = 10 * 365 * 24 * 60 * 60_000;

/**
 * What Heroku's API has no words for.
 * @param attachments where dynos wait for their clients
 */
export const createDynosimRoutes = (attachments: Attachments): readonly Route[] => [
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
      if (typeof ms !== 'number' || !(ms >= 0)) {
        throw invalidParams('The body needs "ms", a number of milliseconds.');
      }
      if (ms > MOST_AT_ONCE_MS) throw invalidParams('At most ten years at once.');
      await control.advanceClock(ms);
      return ok(control.clock);
    },
  },
  {
    method: 'POST',
    path: '/dynosim/terminals/:terminal',
    handler(_control, request) {
      const { columns, rows } = bodyObject(request);
      const size = { columns, rows };
      if (!isTerminalSize(size)) throw invalidParams('The body needs "columns" and "rows".');
      attachments.resize(request.params.terminal ?? '', size);
      return ok({});
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
