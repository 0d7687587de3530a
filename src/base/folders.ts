import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

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
