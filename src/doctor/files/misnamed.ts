import { findMisspelt, findOther } from '../../config/resolve-procfile.js';

/**
 * The file that was meant to be the Procfile, but that Heroku does not read.
 * @param names the names in the app's folder
 * @param hasProcesses whether the app runs without it: by the start script of its package.json
 */
export function misnamedProcfile(names: readonly string[], hasProcesses: boolean): string | undefined {
  return findMisspelt(names) ?? (hasProcesses ? undefined : findOther(names));
}
