import type { Clock } from '../base/clock.js';
import { isIgnoredByGit } from '../base/programs.js';
import type { Environment } from '../config/dyno-env.js';
import type { EnvChanges } from '../config/env-edit.js';
import { readEnvFiles } from '../config/env-file.js';
import { writeEnvChanges } from '../config/env-write.js';
import type { AppFiles, AppSource } from './source.js';

type ConfigVars = AppSource['configVars'];

/**
 * Writes config vars into an app's env files.
 * @returns what the files say then, and warnings
 * @throws UserError if a value or a file cannot be written; then nothing has been
 */
export async function writeConfigVars(
  { dir, envFiles }: Pick<AppFiles, 'dir' | 'envFiles'>,
  changes: EnvChanges,
  { clock, shell }: { readonly clock: Clock; readonly shell: Environment },
): Promise<{ readonly configVars: ConfigVars; readonly warnings: readonly string[] }> {
  const env = { PATH: shell.PATH ?? '', HOME: shell.HOME ?? '' };
  const warnings = await writeEnvChanges({
    files: readEnvFiles(dir, envFiles).files,
    changes,
    clock,
    isIgnoredByGit: (path) => isIgnoredByGit(path, env),
  });
  return { configVars: readEnvFiles(dir, envFiles).vars, warnings };
}

/** Config vars with the same changes applied that have been written to the files. */
export function withChanges(before: ConfigVars, written: ConfigVars, changes: EnvChanges): ConfigVars {
  const after = new Map(before);
  for (const key of changes.keys()) {
    const value = written.get(key);
    if (value) after.set(key, value);
    else after.delete(key);
  }
  return after;
}
