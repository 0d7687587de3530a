/** Follows what an app's Python files import, without running them. */

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { textOf } from '../folder.js';

/** What a server serves: `app:app`, `shop.wsgi:application`; not `localhost:8000`, `unix:app`. */
const TARGET = /^(?!unix:)([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_]\w*)$/;

/** The module and the name in `shop.wsgi:application`; undefined for other words. */
export function pythonTarget(word: string): { readonly module: string; readonly name: string } | undefined {
  const [, module, name] = TARGET.exec(word) ?? [];
  return module === undefined || name === undefined ? undefined : { module, name };
}

/** The file of a module, relative to the app's folder; undefined if it is not the app's own. */
export function moduleFile(dir: string, module: string): string | undefined {
  const path = module.replaceAll('.', '/');
  return module === ''
    ? undefined
    : [`${path}.py`, `${path}/__init__.py`].find((file) => existsSync(join(dir, file)));
}

/** More files are hardly the app's own. */
const MOST_FILES = 300;

/**
 * The files of an app that Python loads from some on.
 * @param entries relative to the app's folder
 */
export function readPythonImports(dir: string, entries: readonly string[]): ReadonlySet<string> {
  const files = new Set(entries.map(normalize));
  // Grows while it is walked.
  for (const file of files) {
    const modules = textOf(join(dir, file)).matchAll(
      /^\s*(?:from\s+(\.*[\w.]*)\s+import|import\s+([\w.]+))/gm,
    );
    for (const [, from, name] of modules) {
      const module = (from ?? name ?? '').replace(/^\.+/, '');
      for (const folder of ['', dirname(file)]) {
        const found = moduleFile(join(dir, folder), module);
        if (found !== undefined && files.size < MOST_FILES) files.add(join(folder, found));
      }
    }
  }
  return files;
}
