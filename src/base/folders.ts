import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { errorCode } from './errors.js';
import { fingerprint } from './ids.js';

/** The path of a folder without links. The path of a missing folder is only made absolute. */
export function realFolder(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch {
    return resolve(dir);
  }
}

/**
 * A name for what belongs to a folder, the same for all links to it. The beginning helps people find it, and the hash
 * makes it unique.
 */
export function folderKey(dir: string): string {
  const real = realFolder(dir);
  const hash = fingerprint(real).slice(0, 8);
  // A file name may have 255 bytes.
  return `${basename(real).slice(0, 60) || 'root'}-${hash}`;
}

/**
 * The real paths of a folder and its parents, nearest first: the real parents, then those in the given path.
 */
export function foldersUpwards(dir: string): readonly string[] {
  const [real, given] = [realFolder(dir), resolve(dir)];
  const others = given === real ? [] : upwards(given).map(realFolder);
  return [...new Set([...upwards(real), ...others])];
}

function upwards(dir: string): readonly string[] {
  const above = dirname(dir);
  return above === dir ? [dir] : [dir, ...upwards(above)];
}

/** The target of a link, even if it does not exist yet. */
export function followLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? followLinks(resolve(dirname(path), readlinkSync(path))) : path;
  }
}
