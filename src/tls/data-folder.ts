import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * dynosim's folder for lasting data: `$XDG_DATA_HOME/dynosim`.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share'), 'dynosim');
}
