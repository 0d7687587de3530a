import { relative, sep } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { Places } from '../../export/app.js';

/**
 * Where the app and its exported files are, seen from each other.
 * @param dir the app's folder, absolute
 * @param out the folder of the export, absolute
 * @throws UserError `OUT_IS_APP`: the Dockerfile would pass for the app's own, and no image may have the exported files
 */
export function placesOf(dir: string, out: string): Places {
  if (relative(dir, out) === '')
    throw new UserError(
      'OUT_IS_APP',
      `The files cannot be written to ${dir}, which is the app's own folder`,
      'Take a folder that has nothing else in it: --out deploy.',
    );
  return { context: posix(relative(out, dir)), out: posix(relative(dir, out)) };
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
