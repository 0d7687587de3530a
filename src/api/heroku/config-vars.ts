import type { AppControl } from '../../apps/control.js';
import type { ConfigChanges } from '../../apps/requests.js';
import type { ConfigVars } from '../../apps/views.js';
import { type ApiRequest, appRoute, bodyObject, ok, type Route } from '../route.js';
import { invalidParams } from '../server/errors.js';
import { withWarnings } from './warn.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#config-vars */
export function serializeConfigVars(vars: ConfigVars): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(vars).map(([key, { value }]) => [key, value]));
}

function readChanges(request: Pick<ApiRequest, 'body'>): ConfigChanges {
  return Object.fromEntries(
    Object.entries(bodyObject(request)).map(([key, value]) => {
      if (value === null || typeof value === 'string') return [key, value];
      throw invalidParams(`The value of ${key} must be a string, or null to remove it.`);
    }),
  );
}

const listVars = async (app: AppControl) => ok(serializeConfigVars(await app.configVars()));

export const configVarRoutes: readonly Route[] = [
  appRoute('GET', '/config-vars', ({ app }) => listVars(app)),
  appRoute('PATCH', '/config-vars', async ({ app, body }) => {
    const { warnings } = await app.setConfig(readChanges({ body }));
    return withWarnings(await listVars(app), warnings);
  }),
];
