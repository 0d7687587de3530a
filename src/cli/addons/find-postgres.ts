import type { AddonView, PostgresControl } from '../../addons/control.js';
import { UserError } from '../../base/errors.js';
import type { AppFlags, Connection } from '../connect.js';
import { appName } from '../output.js';
import { type FoundAddons, findAddonsOf } from './find.js';

/**
 * The databases that a user means: by name, attachment or config var; all of the app if none is named.
 * @throws UserError `NO_DATABASE`, and as `connect`
 */
export async function findDatabases(flags: AppFlags, wanted: string | undefined): Promise<FoundAddons> {
  const found = await findAddonsOf('heroku-postgresql', flags, wanted);
  if (found.addons.length > 0) return found;
  throw new UserError(
    'NO_DATABASE',
    wanted === undefined
      ? `${appName(found.app)} has no heroku-postgresql databases.`
      : "Couldn't find that addon.",
    'See them: dynosim addons. Create one: dynosim addons:create heroku-postgresql:essential-0',
  );
}

export interface FoundDatabase extends Connection {
  readonly addon: AddonView;
  readonly postgres: PostgresControl;
}

/**
 * The database that a user means; by default the one that is `DATABASE`.
 * @throws UserError `NO_DATABASE`, `AMBIGUOUS_ADDON`, and as `connect`
 */
export async function findDatabase(flags: AppFlags, wanted: string | undefined): Promise<FoundDatabase> {
  const found = await findDatabases(flags, wanted);
  const [addon, ...others] = found.addons;
  if (addon && others.length === 0) return { ...found, addon, postgres: found.host.addons.postgres };
  if (wanted === undefined) return findDatabase(flags, 'DATABASE_URL');
  throw new UserError(
    'AMBIGUOUS_ADDON',
    `Ambiguous identifier; multiple matching add-ons found: ${found.addons.map(({ name }) => name).join(', ')}.`,
    'Name one of them.',
  );
}

/**
 * A database that takes connections.
 * @throws UserError `POSTGRES_REFUSED`, and as `findDatabase`
 */
export async function findReadyDatabase(flags: AppFlags, wanted: string | undefined) {
  const found = await findDatabase(flags, wanted);
  const view = await found.postgres.info(found.addon.id);
  if (view.url !== '') return { ...found, view };
  throw new UserError(
    'POSTGRES_REFUSED',
    `${found.addon.name} is not yet provisioned.`,
    'Wait for it: dynosim pg:wait',
  );
}
