/** Reads an app's folder for remarks and suggestions. Whatever cannot be read counts as missing. */

import { accessSync, readdirSync } from 'node:fs';
import { readText } from '../procfile/read-text.js';

/** The names in a folder, in their order. */
export function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

/** Whether this user may use a file in some way: `constants.X_OK`. */
export function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** The text of a file. */
export function textOf(path: string): string {
  try {
    return readText(path, { code: 'FILE', file: path, maxBytes: 1024 * 1024, example: '' }).text;
  } catch {
    return '';
  }
}
