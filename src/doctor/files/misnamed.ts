import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';

/** Endings that nobody gives a Procfile on purpose. `Procfile.dev` is one for foreman. */
const NEVER_MEANT = /^procfile\.(?:txt|md|rtf|docx?|ya?ml|sh|conf)$/i;

/**
 * The file that was meant to be the Procfile, but that Heroku does not read.
 * @param names the names in the app's folder
 * @param hasProcesses whether the app runs without it: by the start script of its package.json
 */
export function misnamedProcfile(names: readonly string[], hasProcesses: boolean): string | undefined {
  if (names.includes(DEFAULT_PROCFILE)) return undefined;
  const meant = names.find((name) => /^procfile$/i.test(name) || NEVER_MEANT.test(name));
  return meant ?? (hasProcesses ? undefined : names.find((name) => /^procfile\.[\w.-]+$/i.test(name)));
}
