import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * Runs the bundled command line from V8's code cache: compiling it anew takes a fifth of the time to a dyno's
 * first line. What Node 22 has built in for this (`module.enableCompileCache`) Node 20 lacks. Without a cache
 * everything works the same, only later.
 */

/** A hash of the bundle, put here by the build: V8 itself would compare no more than the length. */
declare const BUNDLE_ID: string;

const bundle = join(__dirname, 'main.cjs');
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dynosim');
const cacheFile = join(folder, `${BUNDLE_ID}-${process.version}-${process.arch}`);

function readCache(): Buffer | undefined {
  try {
    return readFileSync(cacheFile);
  } catch {
    return undefined;
  }
}

/** Keeps what has been compiled by now, and drops what older versions left. A read-only home is no reason to fail. */
function writeCache(script: Script): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) if (!name.startsWith(BUNDLE_ID)) rmSync(join(folder, name));
    const draft = `${cacheFile}.${process.pid}`;
    writeFileSync(draft, script.createCachedData(), { mode: 0o600 });
    renameSync(draft, cacheFile);
  } catch {}
}

const cachedData = readCache();
const source = readFileSync(bundle, 'utf8');
const wrapped = `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
const script = new Script(wrapped, { filename: bundle, ...(cachedData && { cachedData }) });
if (!cachedData || script.cachedDataRejected) process.once('exit', () => writeCache(script));
const scope = { exports: {} };
script.runInThisContext()(scope.exports, createRequire(bundle), scope, bundle, dirname(bundle));
