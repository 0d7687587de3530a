/** The files that `.slugignore` and the platform leave out of a slug. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from '../config/folder.js';
import { parseSlugignore } from '../config/slugignore.js';
import { walk } from './walk.js';

/** Left out of every slug. https://devcenter.heroku.com/articles/slug-compiler */
const ALWAYS = /^(?:\.git|tmp|\.slugignore|(?:.*\/)?\.DS_Store)$/;

/**
 * Removes what does not belong in the slug.
 * @returns how many files and folders `.slugignore` named; undefined if there is no such file
 */
export async function removeIgnored(dir: string): Promise<number | undefined> {
  const text = textOf(join(dir, '.slugignore'));
  const patterns = parseSlugignore(text);
  let count = 0;
  await walk(dir, async (path, entry) => {
    const isNamed = patterns.some((matches) => matches(path, entry.isDirectory()));
    if (isNamed) count += 1;
    if (!isNamed && !ALWAYS.test(path)) return true;
    await rm(join(dir, path), { recursive: true, force: true });
    return false;
  });
  return text === '' ? undefined : count;
}
