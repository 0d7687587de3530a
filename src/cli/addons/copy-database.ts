import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientName, findClient } from '../../addons/postgres/clients.js';
import { inOneLine, UserError } from '../../base/errors.js';
import { type CommandLine, loadPrograms } from '../../base/process.js';
import { clientEnv } from './psql.js';

/** A database: an add-on's, or one of the user's own by its URL or, as in `psql NAME`, by its name. */
interface CopyEnd {
  /** `postgres://…`, or a name. */
  readonly database: string;
  /** The release of its server: its clients must not be older. Undefined: not known. */
  readonly major?: string;
}

/** The statement that counts what a database must not have to be filled. */
const COUNT_TABLES = `select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/**
 * Copies a database into an empty one.
 * @throws UserError `NO_CLIENT`, `NOT_EMPTY`, `COPY_FAILED`
 */
export async function copyDatabase(from: CopyEnd, to: CopyEnd): Promise<void> {
  // A dump of a newer pg_dump may have what an older server does not know.
  const major = from.major ?? '0';
  const [pgDump, pgRestore] = await Promise.all([client('pg_dump', major), client('pg_restore', major)]);
  const tables = await run(['psql', '-XAtc', COUNT_TABLES], to.database);
  if (tables.trim() !== '0')
    throw new UserError(
      'NOT_EMPTY',
      'Remote database is not empty. Please create a new database or use dynosim pg:reset',
    );
  const folder = mkdtempSync(join(tmpdir(), 'dynosim-copy-'));
  try {
    const file = join(folder, 'dump');
    await run([pgDump, '--format=custom', '--no-owner', '--no-acl', `--file=${file}`], from.database);
    await run([pgRestore, '--no-owner', '--no-acl', `--dbname=${nameOf(to.database)}`, file], to.database);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a database on the user's own server. @throws UserError `COPY_FAILED` */
export async function createDatabase(name: string): Promise<void> {
  await run(['createdb', name], undefined);
}

export function isUrl(database: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(database);
}

async function client(name: ClientName, major: string): Promise<string> {
  const found = await findClient(name, major, process.env);
  if (found !== undefined) return found;
  throw new UserError(
    'NO_CLIENT',
    `This machine has no ${name} that is as new as the server, PostgreSQL ${major}`,
    `Install postgresql-client-${major}.`,
  );
}

function nameOf(database: string): string {
  return isUrl(database) ? new URL(database).pathname.slice(1) : database;
}

async function run(command: CommandLine, database: string | undefined): Promise<string> {
  const { run } = await loadPrograms();
  const env = database === undefined ? process.env : envOf(database);
  const { status, stdout, stderr, failure } = await run(command, { env }).finished;
  if (status === 0) return stdout;
  const problem = failure === undefined ? inOneLine(stderr.trim()) : `${command[0]} could not be located`;
  throw new UserError('COPY_FAILED', problem);
}

function envOf(database: string): NodeJS.ProcessEnv {
  if (!isUrl(database)) return { ...process.env, PGDATABASE: database };
  // A server of the user's own may have no TLS.
  return { ...clientEnv(database), PGSSLMODE: process.env.PGSSLMODE ?? 'prefer' };
}
