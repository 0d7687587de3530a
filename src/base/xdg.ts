import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * dynosim's own folder in one of a user's base folders. A relative path, which would be another folder wherever dynosim is
 * called, does not count. https://specifications.freedesktop.org/basedir-spec/latest/
 * @param usual where the base folder is, in the user's home, unless the variable says otherwise
 */
export function ownFolder(
  env: NodeJS.ProcessEnv,
  variable: 'XDG_STATE_HOME' | 'XDG_DATA_HOME' | 'XDG_CACHE_HOME',
  ...usual: readonly string[]
): string {
  const { [variable]: given = '', HOME } = env;
  return join(isAbsolute(given) ? given : join(HOME || homedir(), ...usual), 'dynosim');
}
