import type { AddonView, PostgresControl } from '../../addons/control.js';
import { resolveAddons } from '../../addons/resolve.js';
import { UserError } from '../../base/errors.js';
import { type AppFlags, type Connection, connect } from '../connect.js';
import { appName } from '../output.js';

const SERVICE = 'heroku-postgresql';

/** The PostgreSQL add-ons of an app, and the dynosim that has them. */
export interface FoundDatabases extends Connection {
  readonly addons: readonly AddonView[];
}

/**
 * The databases that a user means: by name, attachment or config var; all of the app if none is named.
 * @throws UserError `NO_DATABASE`, and as `connect`
 */
export async function findDatabases(flags: AppFlags, wanted: string | undefined): Promise<FoundDatabases> {
  const connection = await connect(flags);
  const { app, host } = connection;
  const [addons, attachments] = await Promise.all([host.addons.list(), host.addons.attachments()]);
  const all = { addons, attachments };
  const found = resolveAddons(all, { wanted: wanted ?? SERVICE, app: app.name, service: SERVICE });
  // Without an owner, it may be another app's that is attached here.
  const attached = new Set(attachments.filter((one) => one.app === app.name).map(({ addon }) => addon));
  const here =
    wanted === undefined
      ? addons.filter(({ name, service }) => service === SERVICE && attached.has(name))
      : found;
  if (here.length > 0) return { ...connection, addons: here };
  throw new UserError(
    'NO_DATABASE',
    wanted === undefined
      ? `${appName(app)} has no heroku-postgresql databases.`
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
