import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import { USER } from '../../apps/app-log.js';
import { ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';

/** The one account that a dynosim knows. https://devcenter.heroku.com/articles/platform-api-reference#account */
export const ACCOUNT = {
  allow_tracking: false,
  beta: false,
  country_of_residence: null,
  created_at: '2024-01-01T00:00:00Z',
  default_organization: null,
  default_team: null,
  delinquent_at: null,
  email: USER,
  federated: false,
  id: '01234567-89ab-cdef-0123-456789abcdef',
  identity_provider: null,
  last_login: null,
  name: null,
  sms_number: null,
  suspended_at: null,
  two_factor_authentication: false,
  updated_at: '2024-01-01T00:00:00Z',
  verified: true,
} satisfies Heroku.Account;

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/account', handler: () => ok(ACCOUNT) },
  { method: 'GET', path: '/users/:user', handler: () => ok(ACCOUNT) },
  { method: 'GET', path: '/accounts/:id/actions/get-quota', handler: ({ apps }) => ok(serializeQuota(apps)) },
];

/**
 * Eco dyno hours in seconds, as Heroku's CLI asks for them. Each app has the whole quota for itself here.
 * @throws ApiError 404 where there is no quota
 */
export function serializeQuota(apps: readonly App[]) {
  const usages = apps.map((app) => ({ app, usage: app.sleep.usage() }));
  const [first] = usages;
  if (!first || first.usage.quotaMs === Number.POSITIVE_INFINITY) throw notFound('quota');
  return {
    account_quota: Math.round(first.usage.quotaMs / 1000),
    quota_used: usages.reduce((sum, { usage }) => sum + Math.round(usage.usedMs / 1000), 0),
    apps: usages.map(({ app, usage }) => ({
      app_uuid: app.id,
      quota_used: Math.round(usage.usedMs / 1000),
    })),
  };
}
