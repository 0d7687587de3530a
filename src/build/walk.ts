import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Visits everything below a folder, a folder before what is in it, without following links.
 * @param visit gets the path relative to the folder; if it returns false for a folder, that one is not entered
 */
export async function walk(
  dir: string,
  visit: (path: string, entry: Dirent) => Promise<boolean>,
  below = '',
): Promise<void> {
  for (const entry of await readdir(join(dir, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if ((await visit(path, entry)) && entry.isDirectory()) await walk(dir, visit, path);
  }
}
