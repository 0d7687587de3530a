import { idOf } from '../../base/ids.js';
import { STACK_NAME } from '../../base/limits.js';
import { ACCOUNT } from './account.js';

/** The only region: Heroku's `us`. https://devcenter.heroku.com/articles/platform-api-reference#region */
export const REGION = {
  country: 'United States',
  created_at: ACCOUNT.created_at,
  description: 'United States',
  get id() {
    return idOf('region');
  },
  locale: 'Virginia',
  name: 'us',
  private_capable: false,
  provider: { name: 'amazon-web-services', region: 'us-east-1' },
  updated_at: ACCOUNT.updated_at,
};

/** https://devcenter.heroku.com/articles/platform-api-reference#stack */
export const STACK = {
  created_at: ACCOUNT.created_at,
  default: true,
  get id() {
    return idOf('stack');
  },
  name: STACK_NAME,
  state: 'public',
  updated_at: ACCOUNT.updated_at,
};
