/** Reads config vars from env files, exactly like npm's dotenv. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { UserError } from '../base/errors.js';
import { type Problem, warning } from '../procfile/problem.js';
import { isLink, readText } from '../procfile/read-text.js';
import { findEnvProblems } from './env-problems.js';
import type { Config, ConfigVar } from './layers.js';

export interface EnvFile {
  /** As given by the user. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** From dotenv's `parse()`. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

export interface EnvFiles {
  /** The config vars of all files together: later files win. */
  readonly vars: Config;
  /** In the given order; new config vars go to the last one. */
  readonly files: readonly EnvFile[];
  readonly problems: readonly Problem[];
}

/** The default env file. */
export const DEFAULT_ENV_FILE = '.env';

/** Far more than Heroku accepts: a larger file is not an env file. */
export const MAX_ENV_FILE_BYTES = 1024 * 1024;

/**
 * Reads the env files of an app.
 * @param dir the app's folder
 * @param names the files, relative to the folder. Default: `.env`, if it exists
 * @param before the result of the last call, because a pipe (`-e <(command)`) or a device can be read only once
 * @throws UserError `ENV_FILE_MISSING`, `ENV_FILE_NOT_A_FILE`, `ENV_FILE_UNREADABLE`, `ENV_FILE_TOO_BIG`,
 * `ENV_FILE_NOT_TEXT`
 */
export function readEnvFiles(dir: string, names: readonly string[] = [], before?: EnvFiles): EnvFiles {
  const read = (name: string, index: number): EnvFile => {
    const file = readOne(dir, name);
    return isFile(file.path) ? file : (before?.files[index] ?? file);
  };
  const files = names.length === 0 ? [readDefault(dir)] : names.map(read);
  return {
    vars: new Map(files.flatMap(varsOf)),
    files,
    problems: files.flatMap(({ problems }) => problems),
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function varsOf({ name, values }: EnvFile): readonly (readonly [key: string, ConfigVar])[] {
  return Object.entries(values).map(([key, value]) => [key, { value, from: { kind: 'file', file: name } }]);
}

/** The values in the text of an env file. */
export function valuesIn(text: string): EnvFile['values'] {
  return parse(text);
}

/**
 * Parses the text of an env file. The values are dotenv's; the problems are dynosim's.
 * @param file its name in problems
 */
export function parseEnv(text: string, file = DEFAULT_ENV_FILE): Pick<EnvFile, 'values' | 'problems'> {
  const values = valuesIn(text);
  return { values, problems: findEnvProblems(text, file, Object.keys(values).length === 0) };
}

function readOne(dir: string, name: string): EnvFile {
  const path = resolve(dir, name);
  const source = { code: 'ENV_FILE', file: name, maxBytes: MAX_ENV_FILE_BYTES, example: 'KEY=value' };
  const { text, problems } = readText(path, source);
  const parsed = parseEnv(text, name);
  return { name, path, text, values: parsed.values, problems: [...problems, ...parsed.problems] };
}

function readDefault(dir: string): EnvFile {
  try {
    return readOne(dir, DEFAULT_ENV_FILE);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const path = resolve(dir, DEFAULT_ENV_FILE);
    const empty = { name: DEFAULT_ENV_FILE, path, text: '', values: {} };
    if (error.code === 'ENV_FILE_NOT_A_FILE')
      return { ...empty, problems: [nothingIsSet(error.message, 'Name another env file with -e.')] };
    if (error.code !== 'ENV_FILE_MISSING') throw error;
    const problems = isLink(path) ? [nothingIsSet('It is a link to a file that is not there')] : [];
    return { ...empty, problems };
  }
}

function nothingIsSet(why: string, hint?: string): Problem {
  return warning(DEFAULT_ENV_FILE, `${why}: nothing is set.`, hint);
}
