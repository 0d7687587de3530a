import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { createFile, replaceFile } from '../../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';

/**
 * Where dynosim remembers things from start to start: what runs, which port an app's API had, the token.
 * `$XDG_STATE_HOME/dynosim`. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'dynosim');
}

/**
 * Holds the state of the app in one folder, by whatever links that is reached. Named so that people find it, hashed so
 * that no two folders share it.
 */
export function appStateFolder(state: string, dir: string): string {
  const real = realFolder(dir);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 8);
  // With the hash it must stay below the 255 bytes that a name may have.
  return join(appsFolder(state), `${basename(real).slice(0, 60) || 'root'}-${hash}`);
}

/** The parent of all `appStateFolder`s. */
export function appsFolder(state: string): string {
  return join(state, 'apps');
}

/**
 * The secret that opens this user's control APIs: made once, readable by its owner only.
 * @param isNew make another; the old one stops working for whatever starts from now on
 * @throws UserError `STATE_UNUSABLE`
 */
export function readToken(state: string, { isNew = false } = {}): string {
  const file = join(state, 'token');
  return orUnusable(state, () => {
    const known = isNew ? undefined : readIfThere(file);
    if (known) return known;
    const token = randomBytes(32).toString('base64url');
    if (isNew) replaceFile(file, `${token}\n`);
    // Else another dynosim has made it meanwhile.
    else if (!createFile(file, `${token}\n`)) return readFileSync(file, 'utf8').trim();
    return token;
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Does something in the state folder.
 * @throws UserError `STATE_UNUSABLE` if that throws
 */
export function orUnusable<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new UserError(
      'STATE_UNUSABLE',
      `dynosim cannot keep its state in ${folder}: ${errorMessage(error)}`,
      'Set XDG_STATE_HOME to a folder of your own.',
    );
  }
}

/** The port that this app's API had the last time, if it ever had one. */
export function recallApiPort(appState: string): number | undefined {
  try {
    const port = Number(readFileSync(join(appState, 'api-port'), 'utf8'));
    return port > 0 && port <= 65_535 ? port : undefined;
  } catch {
    return undefined;
  }
}

export function rememberApiPort(appState: string, port: number): void {
  orUnusable(appState, () => replaceFile(join(appState, 'api-port'), `${port}\n`));
}
