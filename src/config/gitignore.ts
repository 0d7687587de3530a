/** Reads `.gitignore` files and patterns like theirs, without git. https://git-scm.com/docs/gitignore#_pattern_format */

import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { textOf } from './folder.js';

/**
 * Tells which paths match patterns.
 * @returns takes paths relative to the folder for which the patterns are meant, with `/`
 */
export function matching(patterns: readonly string[]): (path: string) => boolean {
  const rules = ignore().add(patterns);
  return (path) => rules.ignores(path);
}

/**
 * Which files git leaves out, by the `.gitignore` files of an app's folder and, in a repository, of those above it.
 */
export class GitIgnore {
  /** The highest folder whose .gitignore counts. */
  readonly #root: string;
  readonly #rules = new Map<string, Ignore | undefined>();

  /** @param dir the app's folder, absolute */
  constructor(dir: string) {
    const root = repositoryOf(dir);
    this.#root = root;
    // An app in a folder that git ignores still has its own rules.
    if (this.excludes(dir, true)) this.#root = dir;
  }

  /**
   * Whether the rules name a path itself. The rules of the folder nearest to it decide.
   * @param path absolute
   */
  excludes(path: string, isFolder: boolean): boolean {
    for (let folder = dirname(path); isWithin(this.#root, folder); folder = dirname(folder)) {
      const { ignored, unignored } =
        this.#rulesOf(folder)?.test(posix(relative(folder, path)) + (isFolder ? '/' : '')) ?? {};
      if (ignored || unignored) return ignored === true;
    }
    return false;
  }

  /**
   * Whether git leaves out a file: by itself, or with a folder that it is in.
   * @param path absolute
   */
  leavesOut(path: string): boolean {
    if (this.excludes(path, false)) return true;
    for (let folder = dirname(path); isWithin(this.#root, folder) && folder !== this.#root; ) {
      if (this.excludes(folder, true)) return true;
      folder = dirname(folder);
    }
    return false;
  }

  #rulesOf(folder: string): Ignore | undefined {
    if (!this.#rules.has(folder)) this.#rules.set(folder, readRules(join(folder, '.gitignore')));
    return this.#rules.get(folder);
  }
}

function readRules(file: string): Ignore | undefined {
  const text = textOf(file);
  return text === '' ? undefined : ignore().add(text);
}

/** The root of the repository that contains a folder, or the folder itself. */
function repositoryOf(dir: string): string {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dir;
  }
}

function isWithin(root: string, folder: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
