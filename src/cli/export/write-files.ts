/** Writes exported files, without losing what somebody has edited. */

import { chmodSync, existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { makeFolder, replaceFile } from '../../base/atomic-file.js';
import { errorMessage, UserError } from '../../base/errors.js';
import { namesIn } from '../../base/read.js';
import { textOf } from '../../config/folder.js';
import { CHECKSUMS, checksum, checksumsIn, type ExportFile, isAsWritten } from '../../export/files.js';

/** `left`: an edited file of an earlier export, which nothing uses any more. */
export type Written = 'wrote' | 'kept' | 'removed' | 'left';

/**
 * Replaces only files that are as dynosim has written them, and removes those of an earlier export that this one does not
 * have. A secret file that was edited is kept: its values are somebody's choice.
 * @param out the folder, absolute
 * @returns what happened to each, by their paths in the folder
 * @throws UserError `FILE_EDITED` before anything is written, `FILE_NOT_WRITTEN`
 */
export function writeExport(
  out: string,
  files: readonly ExportFile[],
  isForced: boolean,
): ReadonlyMap<string, Written> {
  const checksums = checksumsIn(textOf(join(out, CHECKSUMS)));
  const isOwn = (path: string): boolean => {
    const text = textOf(join(out, path));
    return isAsWritten(text) || checksums.get(path) === checksum(text);
  };
  const edited = files.filter(
    ({ path, text }) => existsSync(join(out, path)) && textOf(join(out, path)) !== text && !isOwn(path),
  );
  const refused = edited.find(({ isSecret }) => !isSecret);
  if (refused && !isForced)
    throw new UserError(
      'FILE_EDITED',
      `${relative(process.cwd(), join(out, refused.path))} is not as dynosim would have written it`,
      'To replace it: --force. To keep it, choose another folder: --out DIR.',
    );
  const kept = edited.filter(({ isSecret }) => isSecret);
  const old = [...namesIn(out), CHECKSUMS, ...checksums.keys()].filter(
    (path) => existsSync(join(out, path)) && !files.some((file) => file.path === path),
  );
  const removed = old.filter(isOwn);
  const left = [...checksums.keys()].filter((path) => old.includes(path) && !removed.includes(path));
  try {
    for (const file of files) if (!kept.includes(file)) write(join(out, file.path), file);
    for (const { path } of kept) chmodSync(join(out, path), 0o600);
    for (const path of removed) rmSync(join(out, path));
    const folder = dirname(join(out, CHECKSUMS));
    if (removed.includes(CHECKSUMS) && namesIn(folder).length === 0) rmdirSync(folder);
  } catch (error) {
    throw new UserError(
      'FILE_NOT_WRITTEN',
      `The files cannot be written to ${out}: ${errorMessage(error)}`,
      'Take a folder that you can write to: --out DIR.',
    );
  }
  return new Map([
    ...files.map((file) => [file.path, kept.includes(file) ? 'kept' : 'wrote'] as const),
    ...removed.map((path) => [path, 'removed'] as const),
    ...left.map((path) => [path, 'left'] as const),
  ]);
}

function write(file: string, { text, isSecret }: ExportFile): void {
  makeFolder(dirname(file), 0o755);
  replaceFile(file, text, isSecret ? 0o600 : 0o644);
}
