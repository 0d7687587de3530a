import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Folders that hold no sources of the app. */
const FOREIGN_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', 'venv', '__pycache__']);

/** Files that editors and programs leave beside sources. */
const BY_PRODUCT =
  /^(?:4913|.*~|\.#.*|#.*#|\..*\.sw[a-z]|___jb_.*___|\.DS_Store|.*\.(?:log|pid|sock|tmp|pyc))$/;

/** Databases, and what SQLite keeps beside them: https://www.sqlite.org/tempfiles.html */
const DATABASE = /(?:\.(?:sqlite3?|db3?|mdb|ldb|rdb)|-(?:journal|wal|shm))$/;

export interface SourceFilterOptions {
  /** The app's folder. */
  readonly dir: string;
  /** Patterns as in .gitignore of the only files that count; empty: all that git would not ignore. */
  readonly only: readonly string[];
  /** Files that are watched for releases: absolute paths. */
  readonly except: readonly string[];
}

/**
 * Which files of an app's folder are its sources. Patterns mean what they mean in .gitignore:
 * https://git-scm.com/docs/gitignore#_pattern_format
 * The only file that imports `ignore`.
 */
export class SourceFilter {
  readonly #dir: string;
  readonly #only: Ignore | undefined;
  readonly #except: ReadonlySet<string>;
  /** The folder that .gitignore files count from. */
  readonly #root: string;
  readonly #rules = new Map<string, Ignore | undefined>();

  constructor({ dir, only, except }: SourceFilterOptions) {
    this.#dir = dir;
    this.#only = only.length > 0 ? ignore().add(only) : undefined;
    this.#except = new Set(except);
    const root = repositoryOf(dir);
    this.#root = root;
    // An app inside of what git ignores has rules of its own all the same.
    if (this.#isIgnoredByGit(dir, true)) this.#root = dir;
  }

  /**
   * @param path absolute, in the app's folder
   * @param isFolder one that is left out is not looked into
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
  try {
    return ignore().add(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The folder of the repository that a folder belongs to, or the folder itself. */
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
