import type { AddonOperationName } from '../addon-operations.js';
import { OPERATIONS, type OperationName } from '../operations.js';
import type { Route } from '../route.js';

/**
 * What the token of the dashboard's page may be used for. Whoever gets hold of it must not be able to run a command: so no
 * attaching, no one-off dynos, no code to deploy, no config vars to set (`NODE_OPTIONS`), and no other tokens or codes.
 */
const OF_APP: readonly OperationName[] = [
  'info',
  'formation',
  'scale',
  'restart',
  'configVars',
  'releases',
  'rollback',
  'setMaintenance',
  'sleep',
  'wake',
  'report',
  'metrics',
];

const OF_ADDONS: readonly AddonOperationName[] = ['list', 'attachments'];

const ALLOWED: ReadonlySet<string> = new Set([
  ...OF_APP.map((name) => `${OPERATIONS[name].method} /dynosim/apps/:app${OPERATIONS[name].path}`),
  ...OF_ADDONS.map((name) => `POST /dynosim/addons/${name}`),
  'GET /dynosim/host',
  'GET /dynosim/apps/:app/logs',
  'POST /dynosim/clock/advance',
  'GET /dynosim/events',
  'DELETE /dashboard/session',
]);

/** Whether the token of a dashboard's page gives access to a route. */
export function isForDashboard({ method, path }: Pick<Route, 'method' | 'path'>): boolean {
  return ALLOWED.has(`${method} ${path}`);
}
