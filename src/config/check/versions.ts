/** Compares the versions that an app requests from Heroku with the programs in PATH. */

import { join } from 'node:path';
import { isAtLeast } from '../../base/versions.js';
import { quote } from '../../base/wording.js';
import { lineAt, type Problem, problemOf, warning } from '../../procfile/problem.js';
import { readTextIfThere } from '../../procfile/read-text.js';
import { textOf } from '../folder.js';
import { languagesOf, OLDEST_NODE, OLDEST_PYTHON } from '../languages.js';
import { readPackageJson } from '../package-json.js';
import { isBelow, isInRange } from './ranges.js';

/** The output of `program --version` with a dyno's PATH, or undefined if there is no such program. */
export type VersionOf = (program: 'python3' | 'node' | 'ruby' | 'java') => Promise<string | undefined>;

/** A file that names a version of Python. https://devcenter.heroku.com/articles/python-runtimes */
interface PythonFile {
  readonly file: string;
  readonly form: RegExp;
  readonly example: string;
}

const PYTHON_FILES: readonly PythonFile[] = [
  { file: 'runtime.txt', form: /^python-(\d+\.\d+)(?:\.\d+)?$/, example: 'python-3.13.1' },
  { file: '.python-version', form: /^(\d+\.\d+)(?:\.\d+)?$/, example: '3.13' },
];

/** A file that names a version of another language. Only the given parts are compared. */
interface VersionFile {
  readonly file: string;
  /** The version; does not match a range. */
  readonly form: RegExp;
  readonly program: 'ruby' | 'java';
  readonly language: string;
}

const VERSION_FILES: readonly VersionFile[] = [
  // https://devcenter.heroku.com/articles/ruby-versions
  { file: 'Gemfile', form: /^[ \t]*ruby[ \t(]+["'](\d+(?:\.\d+)+)["']/m, program: 'ruby', language: 'Ruby' },
  // https://devcenter.heroku.com/articles/java-support#specifying-a-java-version
  {
    file: 'system.properties',
    form: /^[ \t]*java\.runtime\.version[ \t]*[=:][ \t]*(?:[a-z]+-)?(?:1\.(?=8))?(\d+(?:\.\d+)*)/m,
    program: 'java',
    language: 'Java',
  },
];

/**
 * Warns if a version file, Gemfile, system.properties or `engines.node` in package.json requests another version than
 * the one that runs here.
 * @param dir the app's folder
 */
export async function checkVersions(dir: string, versionOf: VersionOf): Promise<readonly Problem[]> {
  const languages = languagesOf(dir);
  const isPython = languages.has('python') || languages.size === 0;
  const found = await Promise.all([
    // Other tools and buildpacks use the same file names.
    ...(isPython ? PYTHON_FILES : []).map((file) =>
      attempt(file.file, () => checkPython(dir, file, versionOf)),
    ),
    attempt('package.json', () => checkNode(dir, versionOf)),
    ...VERSION_FILES.map((file) => checkFile(dir, file, versionOf)),
  ]);
  return found.flatMap((problem) => (problem ? [{ topic: 'versions', ...problem }] : []));
}

/** A file that cannot be read is only a warning, because dynosim does not need it. */
async function attempt(
  file: string,
  check: () => Promise<Problem | undefined>,
): Promise<Problem | undefined> {
  try {
    return await check();
  } catch (error) {
    return { ...problemOf(error, file, 'warning'), topic: 'reading' };
  }
}

/** Compares only major and minor version, because Heroku, too, would install a newer patch. */
async function checkPython(
  dir: string,
  { file, form, example }: PythonFile,
  versionOf: VersionOf,
): Promise<Problem | undefined> {
  const found = firstLine(join(dir, file), file);
  if (!found) return undefined;
  const warn = (message: string, hint: string) => warning(file, message, hint, found.line);
  const wanted = form.exec(found.text)?.[1];
  if (!wanted) {
    const message = `${quote(found.text)} is not a version that Heroku's build accepts.`;
    return warn(message, `Write for example ${example}.`);
  }
  if (!isAtLeast(wanted, OLDEST_PYTHON)) {
    const message = `The app asks for Python ${wanted}, which Heroku no longer has: its build fails.`;
    return warn(message, `Ask for Python ${OLDEST_PYTHON} or later.`);
  }
  const here = readVersion(await versionOf('python3'));
  if (here === wanted || here?.startsWith(`${wanted}.`)) return undefined;
  const hint = `Install Python ${wanted}, or make a .venv with it: a dyno uses that one.`;
  return warn(`The app asks for Python ${wanted}; ${nameHere('python3', here)}.`, hint);
}

/** Does not warn about a missing program: the command that needs it gets a warning. */
async function checkFile(
  dir: string,
  { file, form, program, language }: VersionFile,
  versionOf: VersionOf,
): Promise<Problem | undefined> {
  const text = textOf(join(dir, file));
  const match = form.exec(text);
  const wanted = match?.[1];
  if (!match || wanted === undefined) return undefined;
  const here = readVersion(await versionOf(program));
  if (here === undefined || here === wanted || here.startsWith(`${wanted}.`)) return undefined;
  const message = `The app asks for ${language} ${wanted}; ${nameHere(program, here)}.`;
  const line = lineAt(text, match.index + match[0].search(/\S/));
  return warning(file, message, `Install ${language} ${wanted}, or change the file.`, line);
}

/** https://devcenter.heroku.com/articles/nodejs-support#specifying-a-node-js-version */
export async function checkNode(dir: string, versionOf: VersionOf): Promise<Problem | undefined> {
  const engine = readPackageJson(dir)?.engine;
  if (!engine) return undefined;
  const warn = (message: string, hint: string) => warning('package.json', message, hint, engine.line);
  const here = readVersion(await versionOf('node'));
  const isReadable = (await isInRange(OLDEST_NODE, engine.range)) !== undefined;
  if (isReadable && (await isBelow(engine.range, OLDEST_NODE))) {
    const message = `The app asks for Node ${quote(engine.range)}, which gets no security updates any more, and no support from Heroku.`;
    return warn(message, 'Ask for a later one, for example "node": "24.x".');
  }
  const isIn = here === undefined ? false : await isInRange(here, engine.range);
  if (isIn) return undefined;
  const range = quote(engine.range);
  if (isIn === undefined) {
    const message = `The app asks for Node ${range}, which cannot be compared with ${here}.`;
    return warn(message, 'Write for example "node": "22.x".');
  }
  const hint = `Install a Node that ${range} matches, or change engines.node.`;
  return warn(`The app asks for Node ${range}; ${nameHere('node', here)}.`, hint);
}

function nameHere(program: string, version: string | undefined): string {
  return version === undefined ? `there is no \`${program}\` here` : `\`${program}\` here is ${version}`;
}

/** `Python 3.13.1`, `v22.1.0`, `openjdk 21 2023-09-19`. */
function readVersion(output: string | undefined): string | undefined {
  return output === undefined ? undefined : /\d+(?:\.\d+)*/.exec(output)?.[0];
}

/** The first line that is neither empty nor a comment; undefined if the file does not exist. */
function firstLine(path: string, file: string): { readonly text: string; readonly line: number } | undefined {
  const source = { code: 'VERSION_FILE', file, maxBytes: 64 * 1024, example: '3.13' };
  const lines = readTextIfThere(path, source)?.split('\n') ?? [];
  const texts = lines.map((line) => line.replace(/#.*/, '').trim());
  const index = texts.findIndex((text) => text !== '');
  return index === -1 ? undefined : { text: texts[index] ?? '', line: index + 1 };
}
