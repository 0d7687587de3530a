/** What JavaScript files import, read without running them. */

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { namesIn } from '../../../base/read.js';
import { lineAt } from '../../../procfile/problem.js';
import { textOf } from '../../folder.js';

/** An import that names another file of the app, or a package. */
export interface Import {
  readonly specifier: string;
  /** The file that has it, relative to the app's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The files that an app loads from one file on. */
export interface ImportGraph {
  /** The files, relative to the app's folder. */
  readonly files: ReadonlySet<string>;
  /** The imports of packages, and of Node's own modules. */
  readonly packages: readonly Import[];
  /** Imports whose file has another spelling: fine only where the file system ignores case. */
  readonly misspelt: readonly (Import & { readonly actual: string })[];
  /** Whether there was more than is looked at. */
  readonly isCut: boolean;
}

const MOST_FILES = 300;

/** As Node tries them for `require`, and TypeScript's runners for `import`. */
const ENDINGS = [
  '',
  '.js',
  '.cjs',
  '.mjs',
  '.json',
  '.ts',
  '/index.js',
  '/index.cjs',
  '/index.mjs',
  '/index.ts',
];

/** @param entries paths relative to the app's folder; those that are not there have no imports */
export function readImports(dir: string, entries: readonly string[]): ImportGraph {
  const files = new Set(entries.map(normalize).filter((file) => isFile(join(dir, file))));
  const packages: Import[] = [];
  const misspelt: (Import & { actual: string })[] = [];
  // Grows while it is walked.
  for (const file of files) {
    for (const found of importsIn(textOf(join(dir, file)), file)) {
      if (!/^\.\.?(?:\/|$)/.test(found.specifier)) packages.push(found);
      else {
        const path = join(dirname(file), found.specifier);
        const next = resolveFile(dir, path);
        if (next !== undefined && files.size < MOST_FILES) files.add(next);
        const actual = next === undefined ? findMisspelt(dir, path) : undefined;
        if (actual !== undefined) misspelt.push({ ...found, actual });
      }
    }
  }
  return { files, packages, misspelt, isCut: files.size >= MOST_FILES };
}

/**
 * The imports at the beginning of lines: others may never run, or be caught. In TypeScript, those of types vanish, so its
 * imports are followed only within the app.
 */
const IMPORT =
  /^(?:import\s+(?!type\b)(?:[\w*{][\w\s,*{}$]*?\sfrom\s+)?|export\s+(?!type\b)[\w\s,*{}$]+?\sfrom\s+|(?:(?:const|let|var)\s+[\w\s,:{}$]+?=\s*)?require\()(["'])([^"'\n]+)\1/gm;

function importsIn(text: string, file: string): readonly Import[] {
  if (!/\.[cm]?[jt]s$/.test(file)) return [];
  const code = text.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ' '));
  const isTyped = file.endsWith('ts');
  return Array.from(code.matchAll(IMPORT), ({ 2: specifier = '', index }) => ({ specifier, index }))
    .filter(({ index }) => !isInTemplate(code, index))
    .filter(({ specifier }) => !isTyped || specifier.startsWith('.'))
    .map(({ specifier, index }) => ({ specifier, file, line: lineAt(code, index) }));
}

/** After an odd number of backticks. */
function isInTemplate(code: string, index: number): boolean {
  return (code.slice(0, index).split('`').length - 1) % 2 === 1;
}

/** @returns the file that an import finds, in its true spelling */
function resolveFile(dir: string, path: string): string | undefined {
  const candidates = [...ENDINGS.map((ending) => path + ending), path.replace(/\.js$/, '.ts')];
  return candidates.find((candidate) => isFile(join(dir, candidate)) && isSpelt(dir, candidate));
}

/** The file that an import would find if case made no difference. */
function findMisspelt(dir: string, path: string): string | undefined {
  const folder = dirname(path);
  if (!existsSync(join(dir, folder))) return undefined;
  const wanted = new Set(ENDINGS.slice(0, 6).map((ending) => (basename(path) + ending).toLowerCase()));
  const name = namesIn(join(dir, folder)).find((one) => wanted.has(one.toLowerCase()));
  if (name === undefined || !isFile(join(dir, folder, name))) return undefined;
  return join(folder, name);
}

/** On some file systems, a file is there under any spelling. */
function isSpelt(dir: string, path: string): boolean {
  return namesIn(join(dir, dirname(path))).includes(basename(path));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
