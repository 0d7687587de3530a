/** The files that `.slugignore` and the platform leave out of a slug. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from '../config/folder.js';
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

type Pattern = (path: string, isFolder: boolean) => boolean;

/**
 * Not the rules of `.gitignore`, though the page says so: words separated by blanks or line ends, each a glob of Ruby's.
 * One with a slash names a path from the app's folder, any other a name at any depth. Nothing is taken back by `!`.
 */
export function parseSlugignore(text: string): readonly Pattern[] {
  const words = text.split('\n').flatMap((line) => line.replace(/(^|\s)#.*/, '').split(/\s+/));
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const glob = globToRegExp(word.includes('/') ? word.replace(/^\/+|\/+$/g, '') : `**/${word}`);
      const isFolderOnly = word.endsWith('/');
      return (path, isFolder) => glob.test(path) && (isFolder || !isFolderOnly);
    });
}

/** Each part of a glob. */
const GLOB_PART = /(?<deep>(?<=^|\/)\*\*\/)|(?<stars>\*+)|(?<one>\?)|(?<set>\[[^\]]+\])|(?<brace>[{},])|./gsu;

/** Ruby's `*` and `?` match no dot at the start of a name. */
const NO_HIDDEN = '(?:(?<!^|/)|(?!\\.))';
const BRACES: Readonly<Record<string, string>> = { '{': '(?:', ',': '|', '}': ')' };

function globToRegExp(glob: string): RegExp {
  try {
    return new RegExp(`^${translate(glob)}$`, 'u');
  } catch {
    // An unclosed brace, or [z-a], means itself.
    return new RegExp(`^${translate(glob, { hasGroups: false })}$`, 'u');
  }
}

function translate(glob: string, { hasGroups } = { hasGroups: true }): string {
  const parts = Array.from(glob.matchAll(GLOB_PART), ({ 0: text, groups: part = {} }) => {
    if (part.deep) return '(?:(?!\\.)[^/]+/)*';
    if (part.stars) return `${NO_HIDDEN}[^/]*`;
    if (part.one) return `${NO_HIDDEN}[^/]`;
    if (!hasGroups) return escapeRegExp(text);
    if (part.set) return text.replace(/^\[[!^]/, '[^').replaceAll('\\', '\\\\');
    return BRACES[part.brace ?? ''] ?? escapeRegExp(text);
  });
  return parts.join('');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
