import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { errorCode } from '../base/errors.js';

/**
 * Where dynosim remembers things from start to start: what runs, which port an app's API had, the token.
 * `$XDG_STATE_HOME/dynosim`. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'dynosim');
}

/** What is remembered of one app folder. Named so that people find it, hashed so that no two share it. */
export function appStateFolder(state: string, dir: string): string {
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 8);
  return join(appsFolder(state), `${basename(dir) || 'root'}-${hash}`);
}

/** The parent of all `appStateFolder`s. */
export function appsFolder(state: string): string {
  return join(state, 'apps');
}

/**
 * The secret that opens this user's control APIs: made once, readable by its owner only.
 * @param isNew make another; the old one stops working for whatever starts from now on
 */
export function readToken(state: string, { isNew = false } = {}): string {
  const file = join(state, 'token');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  try {
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: isNew ? 'w' : 'wx' });
    return token;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8').trim();
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
  mkdirSync(appState, { recursive: true, mode: 0o700 });
  writeFileSync(join(appState, 'api-port'), `${port}\n`);
}
