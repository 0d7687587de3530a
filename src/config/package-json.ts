/** Reads the parts of an app's package.json that dynosim uses. */

import { join } from 'node:path';
import { errorMessage, UserError } from '../base/errors.js';
import { lineAt } from '../procfile/problem.js';
import { readTextIfThere } from '../procfile/read-text.js';

/** The lock files of Node's package managers, by their names. */
export const LOCK_FILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', Yarn: 'yarn.lock' } as const;

export type LockingManager = keyof typeof LOCK_FILES;

export interface PackageJson {
  /** The commands by their names: `scripts.start` is what `npm start` runs. */
  readonly scripts: Readonly<Record<string, string | undefined>>;
  /** The app's main file. */
  readonly main?: string;
  /** The versions of Node that the app wants, and the line that says it. */
  readonly engine?: { readonly range: string; readonly line: number };
  /** The versions of its tools: `npm`, `yarn`, `pnpm`. */
  readonly engines: Readonly<Record<string, string | undefined>>;
  /** `pnpm@9.0.6`, without a hash behind it. */
  readonly packageManager?: string;
  /** Folders that Heroku keeps from build to build. */
  readonly cacheDirectories: readonly string[];
}

/** The packages that an app asks for: the wanted versions, by the names. */
export interface Dependencies {
  /** The app's own name. */
  readonly name: string | undefined;
  /** Those that Heroku keeps for the dynos. */
  readonly runtime: ReadonlyMap<string, string>;
  /** Those that Heroku removes after the build, without those that are also among the others. */
  readonly dev: ReadonlyMap<string, string>;
  /** Whether it is the root of several packages, which share what is installed. */
  readonly hasWorkspaces: boolean;
  /** Whether package.json replaces versions that other packages ask for. */
  readonly hasOverrides: boolean;
}

const SOURCE = {
  code: 'PACKAGE_JSON',
  file: 'package.json',
  maxBytes: 10 * 1024 * 1024,
  example: '{ "name": "my-app" }',
};

/**
 * Reads the package.json of a folder.
 * @returns undefined if it has none
 * @throws UserError `PACKAGE_JSON_…` if it cannot be read or is not JSON
 */
export function readPackageJson(dir: string): PackageJson | undefined {
  const text = readTextIfThere(join(dir, 'package.json'), SOURCE);
  return text === undefined ? undefined : parsePackageJson(text);
}

/** @throws UserError `PACKAGE_JSON_NOT_JSON` */
export function parsePackageJson(text: string): PackageJson {
  const json = section(parseJson(text));
  const { main, packageManager } = json;
  const engines = texts(json.engines);
  return {
    scripts: texts(json.scripts),
    ...(isText(main) && { main }),
    ...(engines.node !== undefined && { engine: { range: engines.node, line: lineOfNodeEngine(text) } }),
    engines,
    ...(isText(packageManager) && { packageManager: packageManager.replace(/\+.*/, '') }),
    cacheDirectories: list(json.cacheDirectories ?? json.cache_directories).filter(isText),
  };
}

/**
 * Reads what a package.json asks for. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies
 * @returns undefined if there is no such file
 * @throws UserError as `readPackageJson`
 */
export function readDependencies(dir: string): Dependencies | undefined {
  const text = readTextIfThere(join(dir, 'package.json'), SOURCE);
  if (text === undefined) return undefined;
  const json = section(parseJson(text));
  const runtime = new Map([...ranges(json.optionalDependencies), ...ranges(json.dependencies)]);
  const dev = ranges(json.devDependencies).filter(([name]) => !runtime.has(name));
  return {
    name: isText(json.name) ? json.name : undefined,
    runtime,
    dev: new Map(dev),
    hasWorkspaces: json.workspaces !== undefined,
    hasOverrides: [json.overrides, json.resolutions, json.pnpm].some((value) => value !== undefined),
  };
}

/** Unlike the other texts, a range may be empty: any version. */
function ranges(value: unknown): readonly (readonly [name: string, range: string])[] {
  return Object.entries(section(value)).flatMap(([name, range]) =>
    typeof range === 'string' ? [[name, range] as const] : [],
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError(
      'PACKAGE_JSON_NOT_JSON',
      `package.json is not JSON: ${errorMessage(error)}`,
      'Correct it: npm cannot read it either.',
    );
  }
}

function lineOfNodeEngine(text: string): number {
  const engines = Math.max(0, text.indexOf('"engines"'));
  const node = text.indexOf('"node"', engines);
  return lineAt(text, Math.max(node, engines));
}

/** An object of the file; an empty one where something else stands. */
function section(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The texts in an object of the file. */
function texts(value: unknown): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(section(value)).flatMap(([name, text]) => (isText(text) ? [[name, text]] : [])),
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
