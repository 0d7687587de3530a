/** What lies in an app's folder, for remarks and suggestions: what cannot be read is as good as not there. */

import { readdirSync } from 'node:fs';
import { readText } from '../procfile/read-text.js';

/** The names in a folder, in their order. */
export function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
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
