/** The files that an app without a Procfile should have. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { foldersUpwards } from '../../base/folders.js';
import { DEFAULT_ENV_FILE, readEnvFiles } from '../env-file.js';
import { GitIgnore } from '../gitignore.js';
import { DEFAULT_PROCFILE, findMisspelt, listFolder } from '../resolve-procfile.js';
import { type EnvName, findEnvNames } from './env-names.js';
import type { Proposal } from './proposal.js';
import { proposeFor } from './propose.js';

export interface InitialFiles {
  readonly proposal: Proposal;
  /** The text of the Procfile. */
  readonly procfile: string;
  readonly env: InitialEnv;
}

type InitialEnv =
  /** The code reads no config vars. */
  | { readonly at: 'none' }
  | {
      readonly at: 'new';
      readonly names: readonly EnvName[];
      readonly text: string;
      /** Whether git would take it, with the values that the user gives. */
      readonly isExposed: boolean;
    }
  /** There is an env file, which stays as it is. `names`: what the code reads and the file does not set. */
  | { readonly at: 'kept'; readonly names: readonly EnvName[] };

/**
 * Proposes the files of an app. Writes nothing.
 * @param dir the app's folder
 * @throws UserError `PROCFILE_EXISTS`, `NOTHING_TO_GUESS_FROM`, `NO_SUCH_FOLDER`, `PACKAGE_JSON_…`
 */
export function initialFiles(dir: string): InitialFiles {
  const names = listFolder(dir);
  refuseProcfile(dir, names);
  const proposal = proposeFor(dir);
  if (proposal === undefined)
    throw new UserError(
      'NOTHING_TO_GUESS_FROM',
      `Nothing in ${dir} tells how the app is started`,
      `Write a file named ${DEFAULT_PROCFILE} with one process type per line, for example: web: node server.js`,
    );
  const lines = proposal.processes.map(({ type, command }) => `${type}: ${command}\n`);
  return { proposal, procfile: lines.join(''), env: initialEnv(dir) };
}

function refuseProcfile(dir: string, names: readonly string[]): void {
  const misspelt = findMisspelt(names);
  if (misspelt !== undefined) {
    const hint = `Rename it: mv ${misspelt} ${DEFAULT_PROCFILE}`;
    throw new UserError('PROCFILE_EXISTS', `There is a Procfile in ${dir}, named ${misspelt}`, hint);
  }
  if (isThere(join(dir, DEFAULT_PROCFILE)))
    throw new UserError(
      'PROCFILE_EXISTS',
      `There is a Procfile in ${dir} already`,
      'Look for problems in it with "dynosim check".',
    );
}

function initialEnv(dir: string): InitialEnv {
  const names = findEnvNames(dir);
  if (isThere(join(dir, DEFAULT_ENV_FILE))) {
    const { vars } = readEnvFiles(dir);
    return { at: 'kept', names: names.filter(({ name }) => !vars.has(name)) };
  }
  if (names.length === 0) return { at: 'none' };
  const text = names.map(({ name }) => `# ${name}=\n`).join('');
  return { at: 'new', names, text, isExposed: isExposed(dir) };
}

function isExposed(dir: string): boolean {
  const isInRepository = foldersUpwards(dir).some((folder) => isThere(join(folder, '.git')));
  return isInRepository && !new GitIgnore(dir).leavesOut(join(dir, DEFAULT_ENV_FILE));
}

/** Whether there is a file, or a link to nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
