import type { Time } from '../base/clock.js';
import type { Attachments } from './attachments.js';
import { dynosimRoutes } from './dynosim.js';
import { eventRoutes } from './events.js';
import { accountRoutes } from './heroku/account.js';
import { appRoutes } from './heroku/apps.js';
import { configVarRoutes } from './heroku/config-vars.js';
import { createDynoRoutes } from './heroku/dynos.js';
import { formationRoutes } from './heroku/formation.js';
import { createLogRoutes } from './heroku/log-sessions.js';
import { releaseRoutes } from './heroku/releases.js';
import type { Route } from './route.js';
import { sleepRoutes } from './sleep.js';

/** Every route of the control API. */
export function createRoutes(time: Pick<Time, 'real' | 'wall'>, attachments: Attachments): readonly Route[] {
  return [
    ...accountRoutes,
    ...appRoutes,
    ...formationRoutes,
    ...createDynoRoutes(attachments),
    ...configVarRoutes,
    ...releaseRoutes,
    ...createLogRoutes(time),
    ...dynosimRoutes,
    ...eventRoutes,
    ...sleepRoutes,
  ];
}
