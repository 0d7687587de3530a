/** Warns about secrets that the app's own Dockerfile would copy into an image. */

import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { enumerate } from '../../base/wording.js';
import { textOf } from '../../config/folder.js';
import { matching } from '../../config/gitignore.js';
import { type ExportedApp, isBelow, type Places } from '../../export/app.js';
import { CONFIG_FILE } from '../../export/files.js';

/**
 * The env files and the exported files that the build of the app's own Dockerfile gets.
 * @param dir the app's folder, absolute
 * @returns one sentence, or none
 */
export function copiedSecrets(
  dir: string,
  { envFiles }: Pick<ExportedApp, 'envFiles'>,
  { out }: Places,
): readonly string[] {
  const isLeftOut = matching(textOf(join(dir, '.dockerignore')).split('\n'));
  const files = [...namesIn(dir).filter((name) => name.startsWith('.env')), ...envFiles.filter(isBelow)];
  const copied = [...new Set(files)].filter((path) => !isLeftOut(path));
  if (isBelow(out) && !isLeftOut(`${out}/${CONFIG_FILE}`)) copied.push(out);
  if (copied.length === 0) return [];
  const all = copied.length === 1 ? 'it' : 'them';
  return [`The build of your Dockerfile gets ${enumerate(copied)}: add ${all} to .dockerignore.`];
}
