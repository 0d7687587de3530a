import { basename, relative, sep } from 'node:path';
import { GitIgnore } from '../../config/gitignore.js';
import { WatchRules } from './watch-rules.js';

/** Folders without sources of the app. */
const FOREIGN_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', 'venv', '__pycache__']);

/** Files that editors and programs create next to sources. */
const BY_PRODUCT =
  /^(?:4913|.*~|\.#.*|#.*#|\..*\.sw[a-z]|___jb_.*___|\.DS_Store|.*\.(?:log|pid|sock|tmp|pyc))$/;

/** Databases, and SQLite's files next to them: https://www.sqlite.org/tempfiles.html */
const DATABASE = /(?:\.(?:sqlite3?|db3?|mdb|ldb|rdb)|-(?:journal|wal|shm))$/;

export interface SourceFilterOptions {
  readonly dir: string;
  /** Rules of `--watch-only` for the only files that count; empty: all files that git does not ignore. */
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
  readonly #only: WatchRules | undefined;
  readonly #except: ReadonlySet<string>;
  readonly #gitIgnore: GitIgnore;

  constructor({ dir, only, except }: SourceFilterOptions) {
    this.#dir = dir;
    this.#only = only.length > 0 ? new WatchRules(only) : undefined;
    this.#except = new Set(except);
    this.#gitIgnore = new GitIgnore(dir);
  }

  /**
   * @param path absolute, in the app's folder
   * @param isFolder an excluded folder's files are not examined
   */
  leavesOut(path: string, isFolder: boolean): boolean {
    if (path === this.#dir) return false;
    const name = basename(path);
    if (isFolder ? FOREIGN_FOLDERS.has(name) : isNoSource(name) || this.#except.has(path)) return true;
    if (this.#only) return !isFolder && !this.#only.matches(posix(relative(this.#dir, path)));
    return this.#gitIgnore.excludes(path, isFolder);
  }
}

function isNoSource(name: string): boolean {
  return BY_PRODUCT.test(name) || DATABASE.test(name);
}

export function posix(path: string): string {
  return path.split(sep).join('/');
}
