/** The Python modules of an app. */

import type { AppFolder } from '../proposal.js';

/** A module, and from where it is imported. */
export interface Module {
  /** `mysite.wsgi`. */
  readonly module: string;
  /** The folder that it is imported from, relative to the app's folder; empty for that folder itself. */
  readonly folder: string;
}

/** Folders that are no packages of the app. */
const FOREIGN = /^(?:\..*|node_modules|venv|env|tests?|docs|examples?|scripts|migrations|__pycache__)$/;

/**
 * The Python files of the folder, then those of the folders below it.
 * @param usual the names that come first in each, without `.py`
 */
export function sourceFiles(app: AppFolder, usual: readonly string[]): readonly string[] {
  const ofFolder = (names: readonly string[]): readonly string[] => {
    const files = names.filter((name) => /^(?!__|setup\.py|conftest\.py|test_)\w+\.py$/.test(name));
    const first = usual.map((name) => `${name}.py`).filter((name) => files.includes(name));
    return [...first, ...files.filter((name) => !first.includes(name))];
  };
  const below = app.names().flatMap((folder) => {
    if (FOREIGN.test(folder) || folder.includes('.')) return [];
    const names = app.names(folder);
    const init = names.includes('__init__.py') ? ['__init__.py'] : [];
    return [...init, ...ofFolder(names)].map((name) => `${folder}/${name}`);
  });
  return [...ofFolder(app.names()), ...below];
}

/** Of folders with these names, Python's files are imported without them, unless they are packages. */
const ROOTS = /^(?:src|backend|server)$/;

/** The module of a file: `app.main` of `app/main.py`, and `main` of `src/main.py`. */
export function moduleOf(app: AppFolder, file: string): Module {
  const [first = '', ...rest] = file.replace(/(?:\/__init__)?\.py$/, '').split('/');
  const isRoot =
    rest.length > 0 &&
    ROOTS.test(first) &&
    !app.has(`${first}/__init__.py`) &&
    !new RegExp(`^(?:from|import) (?:\\.|${first}\\b)`, 'm').test(app.text(file));
  return isRoot
    ? { module: rest.join('.'), folder: first }
    : { module: [first, ...rest].join('.'), folder: '' };
}
