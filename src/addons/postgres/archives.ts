import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { download } from '../../base/download.js';
import { errorMessage, inOneLine, UserError } from '../../base/errors.js';
import { type CommandLine, loadPrograms } from '../../base/process.js';
import { SUPERUSER, serverEnv } from './cluster.js';
import { userSockets } from './sockets.js';

/** A server as its client programs reach it: over its socket, so that no password is needed. */
export interface ServerAddress {
  readonly port: number;
  readonly shell: NodeJS.ProcessEnv;
}

/** Writes a database to a file, in pg_dump's own format, as Heroku does. @throws UserError `BACKUP_FAILED` */
export async function dump(
  program: string,
  server: ServerAddress,
  database: string,
  file: string,
): Promise<void> {
  await run([program, ...addressOf(server), '--format=custom', `--file=${file}`, database]);
}

/**
 * Replaces a database by that in a file.
 * @param empty removes what is in the database; called when the file is known to be readable
 * @throws UserError `BACKUP_FAILED`
 */
export async function restoreDump(
  program: string,
  server: ServerAddress,
  { database, user, file }: { readonly database: string; readonly user: string; readonly file: string },
  empty: () => Promise<void>,
): Promise<void> {
  await run([program, '--list', file]);
  await empty();
  const owner = ['--no-owner', '--no-acl', `--role=${user}`];
  await run([program, ...addressOf(server), ...owner, `--dbname=${database}`, file]);
}

/** Copies the files of a server that does not run. @throws UserError `BACKUP_FAILED` */
export async function copyCluster(folder: string, file: string): Promise<void> {
  await run(['tar', '-czf', file, '-C', folder, 'data']);
}

/** The present files while others are put into their place. */
const BEFORE = 'data.before';

/** Puts back the files of a server that does not run. @throws UserError `BACKUP_FAILED`; they are then as before */
export async function putBackCluster(folder: string, file: string): Promise<void> {
  const draft = join(folder, 'data.draft');
  await rm(draft, { recursive: true, force: true });
  await run(['mkdir', '-m', '700', draft]);
  try {
    await run(['tar', '-xzf', file, '-C', draft]);
    await rename(join(folder, 'data'), join(folder, BEFORE));
    await rename(join(draft, 'data'), join(folder, 'data'));
  } finally {
    await undoPutBack(folder);
    await rm(draft, { recursive: true, force: true });
  }
}

/** Called before a server starts: undoes what was interrupted, and removes what is left of the rest. */
export async function undoPutBack(folder: string): Promise<void> {
  const before = join(folder, BEFORE);
  if (!existsSync(before)) return;
  if (existsSync(join(folder, 'data'))) await rm(before, { recursive: true, force: true });
  else await rename(before, join(folder, 'data'));
}

/**
 * Brings a dump to a file of our own.
 * @param from a file or URL
 * @throws UserError `NO_SUCH_BACKUP`, `DOWNLOAD_FAILED`
 */
export async function fetchDump(from: string, file: string): Promise<string> {
  if (/^https?:/.test(from) && URL.canParse(from)) {
    await pipeline(await download(new URL(from)), createWriteStream(file, { mode: 0o600 }));
  } else {
    await copyFile(from, file).catch((error: unknown) => {
      throw new UserError('NO_SUCH_BACKUP', `Cannot read ${from}: ${errorMessage(error)}`);
    });
  }
  if (await isDump(file)) return file;
  throw new UserError(
    'NO_SUCH_BACKUP',
    `${from} is no dump in pg_dump's custom format`,
    'Make one: pg_dump -Fc',
  );
}

async function isDump(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 4, encoding: 'latin1' })) return chunk === 'PGDMP';
  return false;
}

function addressOf({ port, shell }: ServerAddress): readonly string[] {
  return [`--host=${userSockets(shell)}`, `--port=${port}`, `--username=${SUPERUSER}`];
}

async function run(command: CommandLine): Promise<void> {
  const { run } = await loadPrograms();
  const { status, stderr } = await run(command, { env: serverEnv() }).finished;
  if (status === 0) return;
  throw new UserError('BACKUP_FAILED', inOneLine(stderr.trim()) || `${command[0]} failed (status ${status})`);
}
