import type { Clock } from '../../base/clock.js';
import type { AddonRecord } from '../records.js';
import { serviceOf } from '../services.js';
import { scramVerifier } from './account.js';
import { SUPERUSER } from './cluster.js';
import { settingsOf } from './settings.js';
import { socketPath } from './sockets.js';
import { quoteName, quoteText, type Wire, withWire } from './wire.js';

export interface ServerAccess {
  readonly addon: AddonRecord;
  readonly port: number;
  /** The folder of the server's socket. */
  readonly sockets: string;
  readonly clock: Clock;
}

const PATIENCE_MS = 30_000;

/**
 * Lets the superuser work on a server.
 * @param database default: the one that belongs to no app
 * @throws PostgresError
 */
export function asSuperuser<T>(
  { port, sockets, clock }: ServerAccess,
  work: (wire: Wire) => Promise<T>,
  database: string = SUPERUSER,
): Promise<T> {
  const path = socketPath(sockets, port);
  return withWire({ path, user: SUPERUSER, database, clock, timeoutMs: PATIENCE_MS }, work);
}

/**
 * Makes what an app needs in a server, as far as it is not there: its user, with the plan's limit, and its database.
 * @throws PostgresError
 */
export async function prepareDatabase(access: ServerAccess): Promise<void> {
  const { database } = settingsOf(access.addon);
  await asSuperuser(access, async (wire) => {
    await makeUser(wire, access.addon);
    const there = await wire.query(`select 1 from pg_database where datname = ${quoteText(database)}`);
    if (there.length === 0) await makeDatabase(wire, access.addon);
  });
}

async function makeUser(wire: Wire, addon: AddonRecord): Promise<void> {
  const { user, password } = settingsOf(addon);
  const { plans } = serviceOf(addon.service);
  const limit = plans[addon.plan]?.limits.connections ?? -1;
  const there = await wire.query(`select 1 from pg_roles where rolname = ${quoteText(user)}`);
  const what = `role ${quoteName(user)} login connection limit ${limit} password ${quoteText(scramVerifier(password))}`;
  await wire.query(`${there.length === 0 ? 'create' : 'alter'} ${what}`);
}

/** Others may not connect to the database, nor its owner to the other ones. */
export async function makeDatabase(wire: Wire, addon: AddonRecord): Promise<void> {
  const { user, database } = settingsOf(addon);
  await wire.query(`create database ${quoteName(database)} owner ${quoteName(user)}`);
  await wire.query(
    `revoke connect, temporary on database ${quoteName(database)}, postgres, template1 from public`,
  );
}
