import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Attachments } from '../../../../src/api/attach/attachments.js';
import { isForDashboard } from '../../../../src/api/dashboard/allowed.js';
import { createDashboardRoutes, openToSessions } from '../../../../src/api/dashboard/routes.js';
import { DashboardSessions } from '../../../../src/api/dashboard/sessions.js';
import { createRoutes } from '../../../../src/api/server/routes.js';
import { USED } from '../../../../src/dashboard/wire/operations.js';
import { makeFolder } from '../../../helpers/folder.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

test('the token of a session opens these routes, and no other', () => {
  const clock = new ManualClock();
  const time = { real: clock, wall: () => 0 };
  const file = join(makeFolder(), 'dashboard.json');
  const sessions = new DashboardSessions({ clock, wall: time.wall, file, token: 'secret' });
  const { token } = sessions.begin(sessions.makeCode());
  const all = createRoutes({ time, attachments: new Attachments(clock), token: 'secret', instance: 'this' });
  const routes = openToSessions([...createDashboardRoutes(sessions), ...all], sessions);
  const headers = { authorization: `Bearer ${token}` };
  const admits = (route: (typeof routes)[number]): string => {
    if (route.access !== 'token') return route.access;
    expect(route.admits?.({ authorization: 'Bearer x' }), route.path).toBe(false);
    try {
      return route.admits?.(headers) ? 'open' : 'closed';
    } catch {
      return 'closed';
    }
  };
  const open = routes
    .filter((route) => admits(route) === 'open')
    .map(({ method, path }) => `${method} ${path}`);
  expect(open.sort()).toMatchInlineSnapshot(`
    [
      "DELETE /dashboard/session",
      "GET /dynosim/apps/:app",
      "GET /dynosim/apps/:app/formation",
      "GET /dynosim/apps/:app/logs",
      "GET /dynosim/apps/:app/releases",
      "GET /dynosim/apps/:app/report",
      "GET /dynosim/events",
      "GET /dynosim/host",
      "POST /dynosim/addons/attachments",
      "POST /dynosim/addons/list",
      "POST /dynosim/apps/:app/config-vars",
      "POST /dynosim/apps/:app/maintenance",
      "POST /dynosim/apps/:app/metrics",
      "POST /dynosim/apps/:app/restart",
      "POST /dynosim/apps/:app/rollback",
      "POST /dynosim/apps/:app/scale",
      "POST /dynosim/apps/:app/sleep",
      "POST /dynosim/apps/:app/wake",
      "POST /dynosim/clock/advance",
    ]
  `);
});

test('the page may use every operation that it uses', () => {
  const refused = Object.entries(USED).filter(
    ([, [method, path]]) => !isForDashboard({ method, path: `/dynosim/apps/:app${path}` }),
  );
  expect(refused).toEqual([]);
});
