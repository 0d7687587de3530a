import type * as Heroku from '@heroku-cli/schema';
import { USER } from '../../apps/app-log.js';
import { ok, type Route } from '../route.js';

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
];
