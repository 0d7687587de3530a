/** Reads what npm has locked. https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */

import { UserError } from '../../base/errors.js';
import { readTextIfThere } from '../../procfile/read-text.js';
import { isRecord } from '../package-json.js';

/** A package at the top of node_modules. */
export interface LockedPackage {
  /** Undefined for a folder of the app's own. */
  readonly version: string | undefined;
  /** Whether only devDependencies need it: Heroku removes it after the build. */
  readonly isDev: boolean;
  /** The programs that it brings. */
  readonly programs: readonly string[];
}

/** Far larger than most; parsing a larger one would take seconds. */
const MAX_BYTES = 50 * 1024 * 1024;

/**
 * The packages at the top of node_modules, by their names.
 * @param path package-lock.json, or node_modules/.package-lock.json of the same form
 * @returns undefined if there is no such file, if it cannot be read, or is older than npm 7
 */
export function readNpmLock(path: string): ReadonlyMap<string, LockedPackage> | undefined {
  const packages = packagesIn(path);
  if (packages === undefined) return undefined;
  const found = Object.entries(packages).flatMap(([place, entry]) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place) ?? [];
    return name === undefined || !isRecord(entry) ? [] : [[name, lockedPackage(entry)] as const];
  });
  return new Map(found);
}

function packagesIn(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const source = { code: 'LOCK_FILE', file: 'package-lock.json', maxBytes: MAX_BYTES, example: '{}' };
    const json: unknown = JSON.parse(readTextIfThere(path, source) ?? '{}');
    return isRecord(json) && isRecord(json.packages) ? json.packages : undefined;
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function lockedPackage({ version, dev, bin }: Readonly<Record<string, unknown>>): LockedPackage {
  return {
    version: typeof version === 'string' ? version : undefined,
    isDev: dev === true,
    programs: isRecord(bin) ? Object.keys(bin) : [],
  };
}
