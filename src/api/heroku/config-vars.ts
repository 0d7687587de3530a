import type { App } from '../../apps/app.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { invalidParams } from '../server/errors.js';
import { appOf } from './apps.js';
import { withWarnings } from './warn.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#config-vars */
function serializeConfigVars(app: App): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(app.release.config, ([key, { value }]) => [key, value]));
}

/** What to set, and by null what to remove. */
function readChanges(request: ApiRequest): ReadonlyMap<string, string | null> {
  return new Map(
    Object.entries(bodyObject(request)).map(([key, value]) => {
      if (value === null || typeof value === 'string') return [key, value];
      throw invalidParams(`The value of ${key} must be a string, or null to remove it.`);
    }),
  );
}

export const configVarRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/:app/config-vars',
    handler: (control, request) => ok(serializeConfigVars(appOf(control, request))),
  },
  {
    method: 'PATCH',
    path: '/apps/:app/config-vars',
    async handler(control, request) {
      const app = appOf(control, request);
      const warnings: string[] = [];
      await app.updateConfigVars(readChanges(request), (warning) => warnings.push(warning));
      return withWarnings(ok(serializeConfigVars(app)), warnings);
    },
  },
];
