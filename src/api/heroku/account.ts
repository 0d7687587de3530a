import type * as Heroku from '@heroku-cli/schema';
import { USER } from '../../apps/app-log.js';
import type { HostControl } from '../control.js';
import { json, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';

/** The only account. https://devcenter.heroku.com/articles/platform-api-reference#account */
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
  json('GET', '/account', () => ok(ACCOUNT)),
  json('GET', '/users/:user', () => ok(ACCOUNT)),
  json('GET', '/accounts/:id/actions/get-quota', async ({ control }) => ok(await readQuota(control))),
];

/**
 * Eco dyno hours in seconds, for Heroku's CLI.
 * @throws ApiError 404 if an app has no quota
 */
async function readQuota(control: HostControl) {
  const usages: { readonly app_uuid: string; readonly quota_used: number }[] = [];
  let quotaMs: number | undefined;
  for (const { name, id } of await control.apps()) {
    const quota = await (await control.app(name)).quota();
    if (!quota) throw notFound('quota');
    quotaMs ??= quota.quotaMs;
    usages.push({ app_uuid: id, quota_used: Math.round(quota.usedMs / 1000) });
  }
  if (quotaMs === undefined) throw notFound('quota');
  return {
    account_quota: Math.round(quotaMs / 1000),
    quota_used: usages.reduce((sum, { quota_used }) => sum + quota_used, 0),
    apps: usages,
  };
}
