import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { DEFAULT_ENV_FILE } from '../config/env-file.js';
import { type InitialFiles, initialFiles } from '../config/init/initial-files.js';
import { DEFAULT_PROCFILE } from '../config/resolve-procfile.js';
import type { InitFlags } from './commands/init.js';
import { formatInit } from './format/init.js';
import { say } from './output.js';

/** Writes the files of an app that has no Procfile, and says which and why. */
export function runInit({ dir, dryRun }: InitFlags): void {
  const folder = resolve(dir);
  const files = initialFiles(folder);
  if (!dryRun) write(folder, files);
  for (const line of formatInit(files, dryRun === true)) say(line);
}

function write(dir: string, { procfile, env }: InitialFiles): void {
  writeNew(dir, DEFAULT_PROCFILE, procfile);
  if (env.at === 'new') writeNew(dir, DEFAULT_ENV_FILE, env.text);
}

/**
 * Never replaces a file, not even one that is made meanwhile.
 * @throws UserError `FILE_NOT_WRITTEN`
 */
function writeNew(dir: string, name: string, text: string): void {
  try {
    writeFileSync(join(dir, name), text, { flag: 'wx' });
  } catch (error) {
    const isThere = errorCode(error) === 'EEXIST';
    const why = isThere ? 'there is one' : errorMessage(error);
    throw new UserError(
      'FILE_NOT_WRITTEN',
      `${name} cannot be written: ${why}`,
      isThere ? 'Remove it first.' : 'Take a folder that you can write to.',
    );
  }
}
