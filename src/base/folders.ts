import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from './errors.js';

/** The real path of a folder: however many links lead to it, it is one folder. One that is not there stays as it is. */
export function realFolder(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return resolve(dir);
  }
}

/**
 * A folder and all above it by their real paths, the nearest first: those that it is really in, then those that its
 * path names on the way to a link.
 */
export function foldersUpwards(dir: string): readonly string[] {
  const paths = [realFolder(dir), resolve(dir)].flatMap(upwards);
  return [...new Set(paths.map(realFolder))];
}

function upwards(dir: string): readonly string[] {
  const above = dirname(dir);
  return above === dir ? [dir] : [dir, ...upwards(above)];
}

/** Where a link leads, even if nothing is there yet. */
export function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? followLinks(resolve(dirname(path), readlinkSync(path))) : path;
  }
}
