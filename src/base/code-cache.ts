import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { replaceFile } from './atomic-file.js';
import { ownFolder } from './xdg.js';

/**
 * Runs a bundle from V8's code cache: compiling it anew takes a fifth of the time to a dyno's first line. What Node 22 has
 * built in for this (`module.enableCompileCache`) Node 20 lacks. Without a cache everything works the same, only later.
 */

/** A bundle of the build: nothing but ASCII, in a function like that around a CommonJS module. */
export interface Bundle {
  /** Absolute, with the extension `.cjs`. */
  readonly file: string;
  /** Ends the names of its caches. */
  readonly name: string;
  /** A hash of it: V8 itself would compare no more than the length. */
  readonly id: string;
  /** For its code. */
  readonly require: NodeJS.Require;
}

/** What came of running a bundle. */
export interface RunBundle {
  readonly exports: unknown;
  /** Writes the code compiled so far into the cache. Undefined if that has the code. */
  readonly keep: (() => void) | undefined;
}

/** How many files stay in the cache: there are three for each version of dynosim and Node in use, one per bundle. */
const KEPT_FILES = 12;

/** More zeros in a row than V8 writes. */
const LOST = Buffer.alloc(512);

/** @param env where the cache is: `$XDG_CACHE_HOME/dynosim` */
export function runBundle({ file, name, id, require }: Bundle, env: NodeJS.ProcessEnv): RunBundle {
  const folder = ownFolder(env, 'XDG_CACHE_HOME', '.cache');
  const cacheFile = join(folder, `${id}-${process.version}-${process.arch}-${name}`);
  const cachedData = readCache(cacheFile);
  // The build leaves nothing but ASCII in it, which is read soonest this way.
  const source = readFileSync(file, 'latin1');
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const scope = { exports: {} };
  script.runInThisContext()(scope.exports, require, scope, file, dirname(file));
  const isCached = cachedData && !script.cachedDataRejected;
  return { exports: scope.exports, keep: isCached ? undefined : () => writeCache(cacheFile, script) };
}

/**
 * V8 sees that a file is too short or another one, but pages that got lost with the power, which are zeros then, would
 * end the process, every time anew. A checksum would take longer than all of this.
 */
function readCache(file: string): Buffer | undefined {
  try {
    const data = readFileSync(file);
    return data.includes(LOST) ? undefined : data;
  } catch {
    return undefined;
  }
}

/** Caches the code compiled so far, and removes the oldest files. A read-only home is no error. */
function writeCache(cacheFile: string, script: Script): void {
  try {
    replaceFile(cacheFile, script.createCachedData());
    const folder = dirname(cacheFile);
    // Caches of other things are folders beside them.
    const own = readdirSync(folder).filter((file) => /-(?:main(?:-start)?|library)$/.test(file));
    const files = own.map((file) => join(folder, file));
    const writtenAt = (file: string): number => statSync(file).mtimeMs;
    const newestFirst = files.sort((one, other) => writtenAt(other) - writtenAt(one));
    for (const file of newestFirst.slice(KEPT_FILES)) rmSync(file);
  } catch {}
}
