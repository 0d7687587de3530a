import { ACCOUNT } from './account.js';
import { stableId } from './ids.js';

/** The one region: this machine. https://devcenter.heroku.com/articles/platform-api-reference#region */
export const REGION = {
  country: 'United States',
  created_at: ACCOUNT.created_at,
  description: 'This machine',
  id: stableId('region'),
  locale: 'localhost',
  name: 'us',
  private_capable: false,
  provider: { name: 'dynosim', region: 'localhost' },
  updated_at: ACCOUNT.updated_at,
};

/** https://devcenter.heroku.com/articles/platform-api-reference#stack */
export const STACK = {
  created_at: ACCOUNT.created_at,
  default: true,
  id: stableId('stack'),
  name: 'heroku-24',
  state: 'public',
  updated_at: ACCOUNT.updated_at,
};
