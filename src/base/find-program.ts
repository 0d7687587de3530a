import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, sep } from 'node:path';

/**
 * The file that a shell would run: a name with a slash is a path; any other name is searched for in PATH. undefined if
 * there is none.
 * @param path PATH; an empty entry means the current folder
 */
export function findProgram(name: string, path: string): string | undefined {
  const files = name.includes('/')
    ? [name]
    : path.split(delimiter).map((folder) => `${folder || '.'}${sep}${name}`);
  return files.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    // Without an exception for each folder that lacks it, which takes long.
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
