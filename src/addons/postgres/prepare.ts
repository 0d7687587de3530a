import type { Clock } from '../../base/clock.js';
import type { AddonRecord } from '../records.js';
import { limitsOf } from '../services.js';
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

/** The database that each server has, for what concerns all of it. */
const ADMINISTRATION = 'template1';

/** The database that initdb makes for users. */
const INITIAL = 'postgres';

/**
 * Lets the superuser work on a server.
 * @param database default: the one that belongs to no app
 * @throws PostgresError
 */
export function asSuperuser<T>(
  { port, sockets, clock }: ServerAccess,
  work: (wire: Wire) => Promise<T>,
  database: string = ADMINISTRATION,
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
    const names = (await wire.query('select datname from pg_database')).flat();
    if (names.includes(database)) return;
    // In a new cluster. Nobody needs it, and it is there at once.
    if (names.includes(INITIAL))
      await wire.query(`alter database ${INITIAL} rename to ${quoteName(database)}`);
    else await wire.query(`create database ${quoteName(database)}`);
    await giveDatabase(wire, access.addon);
  });
}

/** Empties the database of an app. @throws PostgresError */
export async function renewDatabase(access: ServerAccess): Promise<void> {
  const database = quoteName(settingsOf(access.addon).database);
  await asSuperuser(access, async (wire) => {
    await wire.query(`drop database if exists ${database} with (force)`);
    await wire.query(`create database ${database}`);
    await giveDatabase(wire, access.addon);
  });
}

async function makeUser(wire: Wire, addon: AddonRecord): Promise<void> {
  const { user, password } = settingsOf(addon);
  const limit = limitsOf(addon).connections ?? -1;
  const there = await wire.query(`select 1 from pg_roles where rolname = ${quoteText(user)}`);
  const what = `role ${quoteName(user)} login connection limit ${limit} password ${quoteText(scramVerifier(password))}`;
  await wire.query(`${there.length === 0 ? 'create' : 'alter'} ${what}`);
}

/** Makes a database the user's own. Others may not connect to it, nor its user to the other one. */
async function giveDatabase(wire: Wire, addon: AddonRecord): Promise<void> {
  const { user, database } = settingsOf(addon);
  const name = quoteName(database);
  await wire.query(`alter database ${name} owner to ${quoteName(user)}; comment on database ${name} is null`);
  await wire.query(`revoke connect, temporary on database ${name}, ${ADMINISTRATION} from public`);
}
