/** Reads an app's folder for remarks and suggestions. What cannot be read counts as missing. */

import { accessSync } from 'node:fs';
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
  try {
    return readText(path, { code: 'FILE', file: path, maxBytes: 1024 * 1024, example: '' }).text;
  } catch {
    return '';
  }
}
