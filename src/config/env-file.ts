/** Env files → config vars, exactly as npm's dotenv reads them. */

import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { UserError } from '../base/errors.js';
import { type Problem, warning } from '../procfile/problem.js';
import { isLink, readText } from '../procfile/read-text.js';
import { findEnvProblems } from './env-problems.js';
import type { Config, ConfigVar } from './layers.js';

/** One env file. */
export interface EnvFile {
  /** As the user named it. */
  readonly name: string;
  readonly path: string;
  /** The result of dotenv's `parse()`. */
  readonly values: Readonly<Record<string, string>>;
}

/** The env files of an app. */
export interface EnvFiles {
  /** The config vars of all files together: later files win. */
  readonly vars: Config;
  /** In the order given; the last one is where new config vars go. */
  readonly files: readonly [EnvFile, ...EnvFile[]];
  readonly problems: readonly Problem[];
}

/** The env file that is read if none is named. */
export const DEFAULT_ENV_FILE = '.env';

/** Far more than Heroku takes: what is larger is another kind of file. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the env files of an app.
 * @param dir the app's folder
 * @param names the files, relative to it; none: `.env`, if it is there
 * @throws UserError `ENV_FILE_MISSING`, `ENV_FILE_NOT_A_FILE`, `ENV_FILE_UNREADABLE`, `ENV_FILE_TOO_BIG`, `ENV_FILE_NOT_TEXT`
 */
export function readEnvFiles(dir: string, names: readonly string[] = []): EnvFiles {
  const [first, ...rest] = names;
  const read =
    first === undefined
      ? ([readDefault(dir)] as const)
      : ([readOne(dir, first), ...rest.map((name) => readOne(dir, name))] as const);
  const vars = new Map<string, ConfigVar>();
  for (const { file } of read) {
    for (const [key, value] of Object.entries(file.values))
      vars.set(key, { value, from: { kind: 'file', file: file.name } });
  }
  const [{ file }, ...others] = read;
  return {
    vars,
    files: [file, ...others.map((other) => other.file)],
    problems: read.flatMap(({ problems }) => problems),
  };
}

/**
 * Reads the text of an env file: the values are dotenv's, the problems are what it does not say.
 * @param file what the problems call it
 */
export function parseEnv(
  text: string,
  file = DEFAULT_ENV_FILE,
): Pick<EnvFile, 'values'> & Pick<EnvFiles, 'problems'> {
  const values = parse(text);
  return { values, problems: findEnvProblems(text, file, Object.keys(values).length === 0) };
}

interface OneFile {
  readonly file: EnvFile;
  readonly problems: readonly Problem[];
}

function readOne(dir: string, name: string): OneFile {
  const path = resolve(dir, name);
  const source = { code: 'ENV_FILE', file: name, maxBytes: MAX_BYTES, example: 'KEY=value' };
  const { text, problems } = readText(path, source);
  const parsed = parseEnv(text, name);
  return {
    file: { name, path, values: parsed.values },
    problems: [...problems, ...parsed.problems],
  };
}

function readDefault(dir: string): OneFile {
  try {
    return readOne(dir, DEFAULT_ENV_FILE);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const path = resolve(dir, DEFAULT_ENV_FILE);
    const file = { name: DEFAULT_ENV_FILE, path, values: {} };
    switch (error.code) {
      case 'ENV_FILE_MISSING':
        return {
          file,
          problems: isLink(path) ? [nothingIsSet('It is a link to a file that is not there')] : [],
        };
      case 'ENV_FILE_NOT_A_FILE':
        return { file, problems: [nothingIsSet(error.message, 'Name another env file with -e.')] };
      default:
        throw error;
    }
  }
}

function nothingIsSet(why: string, hint?: string): Problem {
  return warning(DEFAULT_ENV_FILE, `${why}: nothing is set.`, hint);
}
