import { ownFolder } from '../base/xdg.js';

/** dynosim's folder for lasting data: `$XDG_DATA_HOME/dynosim`. */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  return ownFolder(env, 'XDG_DATA_HOME', '.local', 'share');
}
