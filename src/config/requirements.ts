/** Reads requirements.txt. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */

import { join } from 'node:path';
import { PYTHON_LISTS } from './languages.js';

export interface Requirements {
  /** Normalized names, some with their extras: `fastapi[standard]`. */
  readonly names: ReadonlySet<string>;
  /** Whether there are entries without a name, such as a folder or an address. */
  readonly hasUnnamed: boolean;
}

/** More files would be a loop. */
const MOST_FILES = 20;

/**
 * Reads an app's requirements.txt, and the files that it includes.
 * @param textOf takes a path relative to the app's folder; empty if there is no such file
 */
export function readRequirements(textOf: (file: string) => string): Requirements {
  const files = new Set<string>([PYTHON_LISTS.pip]);
  const names = new Set<string>();
  let hasUnnamed = false;
  // Grows while it is walked.
  for (const file of files) {
    for (const line of linesOf(textOf(file))) {
      const [, included] = /^(?:-r|--requirement)[\s=]+(\S+)/.exec(line) ?? [];
      const [, name = '', extras = ''] =
        /^([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*(?:$|[<>=!~;@ ])/.exec(line) ?? [];
      if (included !== undefined && files.size < MOST_FILES) files.add(join(file, '..', included));
      else if (name !== '') for (const one of packageNames(name, extras)) names.add(one);
      else if (line !== '' && !/^(?:-c|--(?!editable))/.test(line)) hasUnnamed = true;
    }
  }
  return { names, hasUnnamed };
}

/** The lines without comments; a backslash continues one. */
function linesOf(text: string): readonly string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r\n?|\n/);
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
}

/** `FastAPI`, `[all,standard]` → `fastapi`, `fastapi[all]`, `fastapi[standard]` */
export function packageNames(name: string, extras: string): readonly string[] {
  const own = normalized(name);
  const each = extras.replace(/[[\]\s]/g, '').split(',');
  return [own, ...each.filter((extra) => extra !== '').map((extra) => `${own}[${normalized(extra)}]`)];
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
