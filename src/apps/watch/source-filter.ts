import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { textOf } from '../../config/folder.js';

/** Folders without sources of the app. */
const FOREIGN_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', 'venv', '__pycache__']);

/** Files that editors and programs create next to sources. */
const BY_PRODUCT =
  /^(?:4913|.*~|\.#.*|#.*#|\..*\.sw[a-z]|___jb_.*___|\.DS_Store|.*\.(?:log|pid|sock|tmp|pyc))$/;

/** Databases, and SQLite's files next to them: https://www.sqlite.org/tempfiles.html */
const DATABASE = /(?:\.(?:sqlite3?|db3?|mdb|ldb|rdb)|-(?:journal|wal|shm))$/;

export interface SourceFilterOptions {
  readonly dir: string;
  /** Patterns as in .gitignore for the only files that count; empty: all files that git does not ignore. */
  readonly only: readonly string[];
  /** Files whose changes make releases: absolute paths. */
  readonly except: readonly string[];
}

/**
 * Decides which files in an app's folder are its sources. Patterns work as in .gitignore:
 * https://git-scm.com/docs/gitignore#_pattern_format
 */
export class SourceFilter {
  readonly #dir: string;
  readonly #only: Ignore | undefined;
  readonly #except: ReadonlySet<string>;
  /** The highest folder whose .gitignore counts. */
  readonly #root: string;
  readonly #rules = new Map<string, Ignore | undefined>();

  constructor({ dir, only, except }: SourceFilterOptions) {
    this.#dir = dir;
    this.#only = only.length > 0 ? ignore().add(only) : undefined;
    this.#except = new Set(except);
    const root = repositoryOf(dir);
    this.#root = root;
    // An app in a folder that git ignores still has its own rules.
    if (this.#isIgnoredByGit(dir, true)) this.#root = dir;
  }

  /**
   * @param path absolute, in the app's folder
   * @param isFolder an excluded folder's files are not examined
   */
  leavesOut(path: string, isFolder: boolean): boolean {
    if (path === this.#dir) return false;
    const name = basename(path);
    if (isFolder ? FOREIGN_FOLDERS.has(name) : isNoSource(name) || this.#except.has(path)) return true;
    if (this.#only) return !isFolder && !this.#only.ignores(posix(relative(this.#dir, path)));
    return this.#isIgnoredByGit(path, isFolder);
  }

  /** The rules of the folder nearest to the file decide. */
  #isIgnoredByGit(path: string, isFolder: boolean): boolean {
    for (let folder = dirname(path); isWithin(this.#root, folder); folder = dirname(folder)) {
      const { ignored, unignored } =
        this.#rulesOf(folder)?.test(posix(relative(folder, path)) + (isFolder ? '/' : '')) ?? {};
      if (ignored || unignored) return ignored === true;
    }
    return false;
  }

  #rulesOf(folder: string): Ignore | undefined {
    if (!this.#rules.has(folder)) this.#rules.set(folder, readRules(join(folder, '.gitignore')));
    return this.#rules.get(folder);
  }
}

function isNoSource(name: string): boolean {
  return BY_PRODUCT.test(name) || DATABASE.test(name);
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
