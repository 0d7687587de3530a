/** Reads an app's folder for remarks and suggestions. What cannot be read counts as missing. */

import { accessSync, type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../procfile/read-text.js';

/** Whether this user has an access right to a file: `constants.X_OK`. */
export function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

export function textOf(path: string): string {
  // An error takes longer to make than all else here, and most folders have no such file.
  if (!existsSync(path)) return '';
  try {
    return readText(path, { code: 'FILE', file: path, maxBytes: 1024 * 1024, example: '' }).text;
  } catch {
    return '';
  }
}

/**
 * The files below a folder, relative to it, by their names. What cannot be read is left out, and links are not followed.
 * @param isEntered whether a folder is looked into
 */
export function* filesBelow(
  dir: string,
  isEntered: (path: string, name: string) => boolean,
  below = '',
): Generator<string> {
  for (const entry of entriesIn(join(dir, below))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && isEntered(path, entry.name)) yield* filesBelow(dir, isEntered, path);
  }
}

function entriesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
