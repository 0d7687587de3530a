/** Checks that the files a command names exist and can be run. */

import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, parse } from 'node:path';
import { namesIn } from '../../base/read.js';
import { nearest, quote } from '../../base/wording.js';
import { isAllowed } from '../folder.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import type { Word } from './words.js';

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

/** @param file a path relative to the folder, as are all paths below */
export function findMissing(file: Word, place: SurveyedPlace): CommandProblem | undefined {
  if (existsSync(join(place.dir, file.text))) return undefined;
  const message = `There is no file ${quote(file.text)} here.`;
  const command = maker(file.text, place);
  // Heroku's build would run it, too.
  if (command !== undefined) return problemAt(file, message, `Run: ${command}`, 'machine');
  return problemAt(file, message, whereInstead(file.text, place));
}

/** The command that makes a file which is not under version control. */
function maker(path: string, { dir, packageJson }: SurveyedPlace): string | undefined {
  const plain = path.replace(/^(?:\.\/)+/, '');
  const origin = ORIGINS.find(
    (row) => row.path.test(plain) && row.beside.some((name) => existsSync(join(dir, name))),
  );
  if (origin) return origin.command;
  const others = namesIn(join(dir, dirname(path)));
  const isBuilt = MADE_BY_BUILD.test(plain) || others.some((other) => isSourceOf(other, path));
  return isBuilt && packageJson?.scripts.build !== undefined ? 'npm run build' : undefined;
}

function whereInstead(path: string, { dir }: SurveyedPlace): string {
  const folder = dirname(path);
  const others = namesIn(join(dir, folder));
  const alike = others.filter((other) => extname(other) === extname(path));
  const meant = nearest(basename(path), alike);
  return meant ? `Did you mean ${quote(join(folder, meant))}?` : 'Correct its path, or build the app.';
}

/** `server.js` → `server.ts` */
function isSourceOf(other: string, path: string): boolean {
  return parse(other).name === parse(path).name && /\.[cm]?tsx?$/.test(other);
}

/** The reason why the system cannot run an existing file. */
export function findUnrunnable(file: Word, place: SurveyedPlace): CommandProblem | undefined {
  const path = join(place.dir, file.text);
  const name = quote(file.text);
  if (statSync(path).isDirectory()) return problemAt(file, `${name} is a folder.`, 'Name a program in it.');
  if (!isAllowed(path, constants.X_OK))
    return problemAt(file, `${name} is not executable.`, `Run: chmod +x ${file.text}`);
  const first = firstLine(path);
  return first.startsWith('#!') ? (findCrLf(file, place) ?? findInterpreter(file, first, place)) : undefined;
}

/** A shell takes the CR as part of each line, and the system as part of the interpreter's name. */
export function findCrLf(file: Word, { dir }: SurveyedPlace): CommandProblem | undefined {
  if (!firstLine(join(dir, file.text)).endsWith('\r')) return undefined;
  const message = `The lines of ${quote(file.text)} end in CR LF, and the CR counts as part of them.`;
  return problemAt(file, message, 'Save the file with LF line ends.');
}

function findInterpreter(file: Word, first: string, { bash }: SurveyedPlace): CommandProblem | undefined {
  const [, program = '', argument = ''] = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(first) ?? [];
  const isByEnv = basename(program) === 'env';
  // The argument of `env -S` is a whole command.
  if (isByEnv && argument.startsWith('-')) return undefined;
  const isThere = isByEnv ? bash.isCommand(argument) : !program.startsWith('/') || existsSync(program);
  if (isThere) return undefined;
  const message = `${quote(file.text)} is run by ${quote(isByEnv ? argument : program)}, which is not installed here.`;
  return problemAt(file, message, 'Install it, or correct the first line of the file.');
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
