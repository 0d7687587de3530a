/** Checks that the files a command names exist and can be run. */

import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, parse } from 'node:path';
import { nearest, quote } from '../../base/wording.js';
import { isAllowed, namesIn } from '../folder.js';
import type { PackageJson } from '../package-json.js';

/** Why a command's file cannot be used. */
export interface Fault {
  readonly message: string;
  readonly hint: string;
}

/** Commands that create files outside version control. The first matching row counts. */
const ORIGINS: readonly {
  readonly path: RegExp;
  /** One of them must exist. */
  readonly beside: readonly string[];
  readonly command: string;
}[] = [
  { path: /^node_modules\//, beside: ['package.json'], command: 'npm install' },
  { path: /^vendor\/bin\//, beside: ['composer.json'], command: 'composer install' },
  {
    path: /^\.?venv\/bin\//,
    beside: ['requirements.txt', 'pyproject.toml', 'Pipfile'],
    command: 'python3 -m venv .venv',
  },
  { path: /^target\/(?:release|debug)\//, beside: ['Cargo.toml'], command: 'cargo build --release' },
  { path: /^target\//, beside: ['mvnw'], command: './mvnw package' },
  { path: /^target\//, beside: ['pom.xml'], command: 'mvn package' },
  { path: /^build\//, beside: ['gradlew'], command: './gradlew build' },
  { path: /^build\//, beside: ['build.gradle', 'build.gradle.kts'], command: 'gradle build' },
  { path: /^bin\//, beside: ['go.mod'], command: 'go build -o bin/ ./...' },
];

/** Folders that a build fills. */
const MADE_BY_BUILD = /^(?:\.\/)?(?:dist|build|lib|out|\.output|\.next)\//;

/**
 * Checks a file that must exist.
 * @param path relative to the folder
 */
export function findMissing(
  path: string,
  dir: string,
  packageJson: PackageJson | undefined,
): Fault | undefined {
  if (existsSync(join(dir, path))) return undefined;
  return { message: `There is no file ${quote(path)} here.`, hint: originOf(path, dir, packageJson) };
}

function originOf(path: string, dir: string, packageJson: PackageJson | undefined): string {
  const plain = path.replace(/^(?:\.\/)+/, '');
  const origin = ORIGINS.find(
    (row) => row.path.test(plain) && row.beside.some((name) => existsSync(join(dir, name))),
  );
  if (origin) return `Run: ${origin.command}`;
  const folder = dirname(path);
  const others = namesIn(join(dir, folder));
  const isBuilt = MADE_BY_BUILD.test(plain) || others.some((other) => isSourceOf(other, path));
  if (isBuilt && packageJson?.scripts.build !== undefined) return 'Run: npm run build';
  const alike = others.filter((other) => extname(other) === extname(path));
  const meant = nearest(basename(path), alike);
  return meant ? `Did you mean ${quote(join(folder, meant))}?` : 'Correct its path, or build the app.';
}

/** `server.js` → `server.ts` */
function isSourceOf(other: string, path: string): boolean {
  return parse(other).name === parse(path).name && /\.[cm]?tsx?$/.test(other);
}

/**
 * The reason why the system cannot run an existing file.
 * @param isCommand whether a word is a program
 */
export function findUnrunnable(
  path: string,
  dir: string,
  isCommand: (word: string) => boolean,
): Fault | undefined {
  const file = join(dir, path);
  if (statSync(file).isDirectory())
    return { message: `${quote(path)} is a folder.`, hint: 'Name a program in it.' };
  if (!isAllowed(file, constants.X_OK))
    return { message: `${quote(path)} is not executable.`, hint: `Run: chmod +x ${path}` };
  const first = firstLine(file);
  if (!first.startsWith('#!')) return undefined;
  return findCrLf(path, dir) ?? findInterpreter(path, first, isCommand);
}

/** A shell takes the CR as part of each line, and the system as part of the interpreter's name. */
export function findCrLf(path: string, dir: string): Fault | undefined {
  if (!firstLine(join(dir, path)).endsWith('\r')) return undefined;
  const message = `The lines of ${quote(path)} end in CR LF, and the CR counts as part of them.`;
  return { message, hint: 'Save the file with LF line ends.' };
}

function findInterpreter(
  path: string,
  first: string,
  isCommand: (word: string) => boolean,
): Fault | undefined {
  const [, program = '', argument = ''] = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(first) ?? [];
  const isByEnv = basename(program) === 'env';
  // The argument of `env -S` is a whole command.
  if (isByEnv && argument.startsWith('-')) return undefined;
  const isThere = isByEnv ? isCommand(argument) : !program.startsWith('/') || existsSync(program);
  if (isThere) return undefined;
  const message = `${quote(path)} is run by ${quote(isByEnv ? argument : program)}, which is not installed here.`;
  return { message, hint: 'Install it, or correct the first line of the file.' };
}

/** Far longer than the system reads. */
const MOST_BYTES = 512;

/** The first line without its LF; empty if it cannot be read. */
function firstLine(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) return '';
    const bytes = Buffer.alloc(MOST_BYTES);
    const text = bytes.toString('latin1', 0, readSync(descriptor, bytes));
    return text.split('\n', 1)[0] ?? '';
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
