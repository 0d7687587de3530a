import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where dynosim keeps what is to last: `$XDG_DATA_HOME/dynosim`.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share'), 'dynosim');
}
