import { UserError } from '../../base/errors.js';
import type { Settings } from '../driver.js';
import type { AddonRecord } from '../records.js';
import type { Account } from './account.js';
import { isProvider, type Provider } from './binaries.js';
import { isMajor, type Major } from './packages.js';

/** What is recorded of a PostgreSQL add-on. */
export interface PostgresSettings extends Account {
  readonly major: Major;
  /** Where the programs come from that made its cluster. */
  readonly provider: Provider;
}

export function toSettings({ major, provider, user, password, database }: PostgresSettings): Settings {
  return { major, provider, user, password, database };
}

/** @throws UserError `STATE_DAMAGED` */
export function settingsOf({ name, settings }: Pick<AddonRecord, 'name' | 'settings'>): PostgresSettings {
  const { major = '', provider, user, password, database } = settings;
  if (isMajor(major) && isProvider(provider) && user && password && database)
    return { major, provider, user, password, database };
  throw new UserError('STATE_DAMAGED', `The settings of ${name} are damaged`, 'Destroy the add-on.');
}

/** Not `localhost`: the Heroku CLI would run `createdb` there for pg:push. */
const HOST = '127.0.0.1';

export function urlOf({ user, password, database }: Account, port: number): string {
  return `postgres://${user}:${password}@${HOST}:${port}/${database}`;
}
