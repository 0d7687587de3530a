import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, replaceFile } from '../../base/atomic-file.js';
import { crypto } from '../../base/crypto.js';
import { errorMessage, FREE_SPACE, isDiskFull, UserError } from '../../base/errors.js';
import { folderKey } from '../../base/folders.js';
import { readIfThere } from '../../base/read.js';
import { ownFolder } from '../../base/xdg.js';

/**
 * The folder for state that lasts longer than one start: running apps, the port of each app's API, the token. It is
 * `$XDG_STATE_HOME/dynosim`.
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return ownFolder(env, 'XDG_STATE_HOME', '.local', 'state');
}

/** Where dynosim keeps what it can make again: `$XDG_CACHE_HOME/dynosim`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return ownFolder(env, 'XDG_CACHE_HOME', '.cache');
}

/** The state folder of the app in one folder. */
export function appStateFolder(state: string, dir: string): string {
  return join(appsFolder(state), folderKey(dir));
}

/** The parent of all `appStateFolder`s. */
export function appsFolder(state: string): string {
  return join(state, 'apps');
}

/** The file with the token of this user's control APIs. */
export function tokenFile(state: string): string {
  return join(state, 'token');
}

/** What can be sent as a token. After a power failure, the file may be empty or full of zeros, which anybody can guess. */
const TOKEN = /^[!-~]+$/;

/**
 * Reads the token for this user's control APIs, and creates it on first use, readable only by its owner.
 * @param isNew replaces the token; processes that run already keep the old one
 * @throws UserError `STATE_UNUSABLE`
 */
export function readToken(state: string, { isNew = false } = {}): string {
  const file = tokenFile(state);
  return orUnusable(state, () => {
    const known = isNew ? undefined : readIfThere(file)?.trim();
    if (known !== undefined && TOKEN.test(known)) return known;
    const token = crypto().randomBytes(32).toString('base64url');
    if (isNew || known !== undefined) replaceFile(file, `${token}\n`);
    // Otherwise another dynosim has created it in the meantime.
    else if (!createFile(file, `${token}\n`)) return readFileSync(file, 'utf8').trim();
    return token;
  });
}

/**
 * Calls a function that uses the state folder.
 * @throws UserError `STATE_UNUSABLE` if the function throws
 */
export function orUnusable<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new UserError(
      'STATE_UNUSABLE',
      `dynosim cannot keep its state in ${folder}: ${errorMessage(error)}`,
      isDiskFull(error) ? FREE_SPACE : 'Set XDG_STATE_HOME to a folder of your own.',
    );
  }
}

/** The port that this app's API had last, if any. */
export function recallApiPort(appState: string): number | undefined {
  try {
    const port = Number(readFileSync(join(appState, 'api-port'), 'utf8'));
    return port > 0 && port <= 65_535 ? port : undefined;
  } catch {
    return undefined;
  }
}

export function rememberApiPort(appState: string, port: number): void {
  if (recallApiPort(appState) === port) return;
  orUnusable(appState, () => replaceFile(join(appState, 'api-port'), `${port}\n`));
}
