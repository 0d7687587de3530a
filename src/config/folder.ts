/** Reads an app's folder for remarks and suggestions. What cannot be read counts as missing. */

import { accessSync, existsSync } from 'node:fs';
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
