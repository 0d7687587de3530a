/** Which process types an app has, whether or not it has a Procfile. */

import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { namesIn } from '../base/read.js';
import { nearest } from '../base/wording.js';
import { type ParsedProcfile, readProcfile } from '../procfile/parse.js';
import { type Problem, warning } from '../procfile/problem.js';
import { isLink } from '../procfile/read-text.js';
import { proposeFor } from './init/propose.js';
import { type PackageJson, readPackageJson } from './package-json.js';

/** The one name that Heroku reads. https://devcenter.heroku.com/articles/procfile#procfile-naming-and-location */
export const DEFAULT_PROCFILE = 'Procfile';

/** The process types of an app, and the file that names them. */
export interface ResolvedProcfile extends ParsedProcfile {
  /** Where the Procfile is or would be: a file to watch. */
  readonly path: string;
}

/**
 * Finds out what an app runs: what its Procfile says; without one, `npm start`, as Heroku does for a Node app
 * that has such a script or a `server.js`. https://devcenter.heroku.com/articles/nodejs-support#default-web-process-type
 * @param dir the app's folder
 * @param file the Procfile, relative to it. Another one than `Procfile` must be there.
 * @throws UserError `PROCFILE_MISSING`, `PROCFILE_UNREADABLE`, `PROCFILE_TOO_BIG`, `PROCFILE_NOT_TEXT`,
 *   `PACKAGE_JSON_…`, `NO_SUCH_FOLDER`
 */
export function resolveProcfile(dir: string, file: string = DEFAULT_PROCFILE): ResolvedProcfile {
  const path = resolve(dir, file);
  const names = listFolder(dir);
  try {
    const parsed = readProcfile(path, file);
    return { ...parsed, problems: [...checkSpelling(file, names), ...parsed.problems], path };
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'PROCFILE_MISSING')) throw error;
    if (isLink(path)) throw danglingLink(file, path);
    if (file !== DEFAULT_PROCFILE) throw missingNamed(file, path, names);
  }
  const packageJson = readInstead(dir);
  const reason = packageJson && reasonToStart(packageJson, names);
  if (reason === undefined) throw missing(dir, names);
  const message = `There is no Procfile: \`web: npm start\` runs, because ${reason}.`;
  return {
    processes: new Map([['web', { type: 'web', command: 'npm start', line: 0 }]]),
    lines: new Map(),
    problems: [warning(file, message), ...checkSpelling(file, names)],
    path,
  };
}

/** What `npm start` would run; undefined if nothing. https://docs.npmjs.com/cli/commands/npm-start */
function reasonToStart({ scripts }: PackageJson, names: readonly string[]): string | undefined {
  if (scripts.start) return 'package.json has a start script';
  return names.includes('server.js') ? 'npm starts server.js if package.json has no start script' : undefined;
}

function readInstead(dir: string): PackageJson | undefined {
  try {
    return readPackageJson(dir);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `There is no Procfile in ${dir}, and ${error.message}`, error.hint);
  }
}

/** On a file system that ignores case, an app with `procfile` runs here and not on Heroku. */
function checkSpelling(file: string, names: readonly string[]): readonly Problem[] {
  const misspelt = file === DEFAULT_PROCFILE ? findMisspelt(names) : undefined;
  if (!misspelt) return [];
  const message = `The file is named ${misspelt}, but Heroku reads only ${DEFAULT_PROCFILE}.`;
  return [warning(misspelt, message, `Rename it: mv ${misspelt} ${DEFAULT_PROCFILE}`)];
}

/** Nobody gives a Procfile these endings on purpose. `Procfile.dev` is one for foreman. */
const MISSPELT = /^procfile(?:\.(?:txt|md|rtf|docx?|ya?ml|sh|conf))?$/i;

/** A file that somebody probably meant to be the Procfile. */
export function findMisspelt(names: readonly string[]): string | undefined {
  return names.includes(DEFAULT_PROCFILE) ? undefined : names.find((name) => MISSPELT.test(name));
}

/** The Procfile for another occasion, of an app that has none for Heroku: `Procfile.dev`. */
export function findOther(names: readonly string[]): string | undefined {
  if (names.includes(DEFAULT_PROCFILE)) return undefined;
  return names.find((name) => /^procfile\.[\w.-]+$/i.test(name));
}

function missing(dir: string, names: readonly string[]): UserError {
  const misspelt = findMisspelt(names);
  if (misspelt) {
    const message = `There is no Procfile in ${dir}, only ${misspelt}`;
    return new UserError('PROCFILE_MISSING', message, `Rename it: mv ${misspelt} ${DEFAULT_PROCFILE}`);
  }
  const other = findOther(names);
  if (other) {
    const message = `There is no Procfile in ${dir}, only ${other}`;
    return new UserError('PROCFILE_MISSING', message, `Name it: -f ${other}`);
  }
  const message = `There is no Procfile in ${dir}, nor a package.json with a start script`;
  const below = names.find(
    (name) => name !== 'node_modules' && existsSync(join(dir, name, DEFAULT_PROCFILE)),
  );
  if (below) return new UserError('PROCFILE_MISSING', message, `One is below it: --dir ${join(dir, below)}`);
  const [suggested] = proposeFor(dir)?.processes ?? [];
  const hint = suggested
    ? `"dynosim init" writes one, with ${suggested.type}: ${suggested.command}`
    : `Write a file named Procfile with one process type per line, for example: web: ${exampleFor(names)}`;
  return new UserError('PROCFILE_MISSING', message, hint);
}

/** An example command in the app's language. */
function exampleFor(names: readonly string[]): string {
  if (names.some((name) => /\.py$|^(?:requirements\.txt|Pipfile|pyproject\.toml)$/.test(name)))
    return 'python app.py';
  if (names.some((name) => /\.rb$|^Gemfile$/.test(name))) return 'bundle exec ruby app.rb';
  return 'node server.js';
}

function danglingLink(file: string, path: string): UserError {
  const message = `${file} is a link to a file that is not there (${path})`;
  return new UserError('PROCFILE_MISSING', message, 'Remove it, or link it to a Procfile.');
}

function missingNamed(file: string, path: string, names: readonly string[]): UserError {
  const meant = nearest(file, names) ?? names.find((name) => /^procfile/i.test(name));
  return new UserError(
    'PROCFILE_MISSING',
    `There is no ${file} (${path})`,
    meant ? `Did you mean ${meant}?` : "Name a file relative to the app's folder.",
  );
}

/**
 * The sorted names in an app's folder.
 * @throws UserError `NO_SUCH_FOLDER`
 */
export function listFolder(dir: string): readonly string[] {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) {
    const message = stats ? `${dir} is not a folder` : `There is no folder ${dir}`;
    throw new UserError('NO_SUCH_FOLDER', message, "Name the app's folder.");
  }
  return namesIn(dir);
}
