import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { replaceFile } from '../base/atomic-file.js';
import { systemClock } from '../base/clock.js';

/**
 * Runs the bundled command line from V8's code cache: compiling it anew takes a fifth of the time to a dyno's
 * first line. What Node 22 has built in for this (`module.enableCompileCache`) Node 20 lacks. Without a cache
 * everything works the same, only later.
 */

/** A hash of each bundle, put here by the build: V8 itself would compare no more than the length. */
declare const BUNDLE_IDS: Readonly<Record<'main' | 'main-start', string>>;

/** How many files stay in the cache: there are two for each version of dynosim and Node in use, one per bundle. */
const KEPT_FILES = 8;

/** By now `start` has started its dynos. V8 forgets code that has not run for a while, and `start` may run for days. */
const STARTED_MS = 500;

/** More zeros in a row than V8 writes. */
const LOST = Buffer.alloc(512);

const isStart = process.argv[2] === 'start';
const name = isStart ? 'main-start' : 'main';
const bundle = join(__dirname, `${name}.cjs`);
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dynosim');
const cacheFile = join(folder, `${BUNDLE_IDS[name]}-${process.version}-${process.arch}-${name}`);

/**
 * V8 sees that a file is too short or another one, but pages that got lost with the power, which are zeros then, would
 * end the process, every time anew. A checksum would take longer than all of this.
 */
function readCache(): Buffer | undefined {
  try {
    const data = readFileSync(cacheFile);
    return data.includes(LOST) ? undefined : data;
  } catch {
    return undefined;
  }
}

/** Caches the code compiled so far, and removes the oldest files. A read-only home is no error. */
function writeCache(script: Script): void {
  try {
    replaceFile(cacheFile, script.createCachedData());
    // Caches of other things are folders beside them.
    const own = readdirSync(folder).filter((file) => /-main(?:-start)?$/.test(file));
    const files = own.map((file) => join(folder, file));
    const writtenAt = (file: string): number => statSync(file).mtimeMs;
    const newestFirst = files.sort((one, other) => writtenAt(other) - writtenAt(one));
    for (const file of newestFirst.slice(KEPT_FILES)) rmSync(file);
  } catch {}
}

const cachedData = readCache();
// The build leaves nothing but ASCII in it, which is read soonest this way, and wraps it in a function.
const source = readFileSync(bundle, 'latin1');
const script = new Script(source, { filename: bundle, ...(cachedData && { cachedData }) });
if (!cachedData || script.cachedDataRejected) {
  let isWritten = false;
  const write = (): void => {
    if (!isWritten) writeCache(script);
    isWritten = true;
  };
  if (isStart) systemClock.after(STARTED_MS, write);
  // A command that failed has compiled too little to be of use.
  process.once('exit', (status) => status === 0 && write());
}
const scope = { exports: {} };
script.runInThisContext()(scope.exports, require, scope, bundle, dirname(bundle));
