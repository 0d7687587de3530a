import { join } from 'node:path';
import { findProgram } from '../../base/find-program.js';
import { loadPrograms } from '../../base/process.js';
import { installedFolders } from './installed.js';

/** PostgreSQL's programs for backups. They refuse servers that are newer than themselves. */
export type ClientName = 'pg_dump' | 'pg_restore';

/**
 * Finds a client program of this machine.
 * @param major the oldest that serves
 * @returns its path; undefined if there is none
 */
export async function findClient(
  name: ClientName,
  major: string,
  shell: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const given = shell.DYNOSIM_POSTGRES_BIN;
  const folders = [...(given ? [given] : []), ...installedFolders()];
  const files = [...folders.map((folder) => join(folder, name)), findProgram(name, shell.PATH ?? '')];
  const { run } = await loadPrograms();
  for (const file of files) {
    if (file === undefined || !findProgram(file, '')) continue;
    const { stdout } = await run([file, '--version']).finished;
    if (Number(/ (\d+)/.exec(stdout)?.[1]) >= Number(major)) return file;
  }
  return undefined;
}
