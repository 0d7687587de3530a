import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, inOneLine, UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import { loadPrograms } from '../../base/process.js';
import { enumerate } from '../../base/wording.js';
import { cachedAt, type FetchWorld, fetchPackage } from './fetch.js';
import { installedFolders } from './installed.js';
import { DEFAULT_MAJOR, isMajor, MAJORS, type Major, packageFor } from './packages.js';

/** PostgreSQL's programs. */
export interface Binaries {
  /** The folder with `postgres` and `initdb`. */
  readonly bin: string;
  readonly major: Major;
  /** `17.10` */
  readonly version: string;
  readonly provider: Provider;
}

/**
 * Where programs come from: `DYNOSIM_POSTGRES_BIN`, npm, or the machine. A cluster stays with one of them, because
 * another build may sort text differently.
 */
export type Provider = 'given' | 'npm' | 'machine';

const PROVIDERS: readonly Provider[] = ['given', 'npm', 'machine'];

export function isProvider(text: string | undefined): text is Provider {
  return PROVIDERS.some((one) => one === text);
}

export interface BinariesWorld extends FetchWorld {
  /** `linux-x64` */
  readonly system: string;
  /** The folders in which this machine may have programs, besides those in PATH. */
  readonly installed: readonly string[];
  /** Called before a package is fetched: `PostgreSQL 17`. */
  onFetch?(what: string): void;
}

/** Looks for programs on this machine. @param now wall-clock ms */
export function thisMachine(shell: NodeJS.ProcessEnv, cacheFolder: string, now: number): BinariesWorld {
  const system = `${process.platform}-${process.arch}`;
  return { shell, cacheFolder, now, system, installed: installedFolders() };
}

/**
 * The programs for a new cluster: those in `DYNOSIM_POSTGRES_BIN`, the cache's, which are fetched if necessary, or the
 * machine's own.
 * @param wanted the user's choice
 * @throws UserError `NO_POSTGRES`, with three remedies
 */
export async function chooseBinaries(wanted: Major | undefined, world: BinariesWorld): Promise<Binaries> {
  const given = await givenBinaries(world, wanted);
  if (given) return given;
  const major = wanted ?? DEFAULT_MAJOR;
  try {
    return await npmBinaries(major, world);
  } catch (error) {
    const own = (await machineBinaries(world)).find((one) => wanted === undefined || one.major === wanted);
    if (own) return own;
    throw noPostgres(major, errorMessage(error));
  }
}

/**
 * The programs for a cluster that exists.
 * @throws UserError `NO_POSTGRES`
 */
export async function binariesFor(
  { major, provider }: Pick<Binaries, 'major' | 'provider'>,
  world: BinariesWorld,
): Promise<Binaries> {
  const given = await givenBinaries(world, major);
  if (given) return given;
  if (provider === 'npm') return npmBinaries(major, world);
  const own = (await machineBinaries(world)).find((one) => one.major === major);
  if (own) return own;
  const how = provider === 'given' ? 'Set DYNOSIM_POSTGRES_BIN to its folder bin' : 'Install it';
  throw new UserError(
    'NO_POSTGRES',
    `The data was made by PostgreSQL ${major}, which is not on this machine`,
    `${how}, or create another add-on.`,
  );
}

/** @throws UserError if `DYNOSIM_POSTGRES_BIN` is set and cannot be used */
async function givenBinaries(world: BinariesWorld, major: Major | undefined): Promise<Binaries | undefined> {
  const bin = world.shell.DYNOSIM_POSTGRES_BIN;
  if (!bin) return undefined;
  const found = await look(bin, 'given');
  if (typeof found === 'string')
    throw new UserError(
      'NO_POSTGRES',
      `DYNOSIM_POSTGRES_BIN is ${bin}, and ${found}`,
      'Set it to a folder with postgres and initdb.',
    );
  if (major === undefined || found.major === major) return found;
  throw new UserError(
    'NO_POSTGRES',
    `DYNOSIM_POSTGRES_BIN is PostgreSQL ${found.version}, not ${major}`,
    'Set it to another folder, or unset it.',
  );
}

/**
 * The programs in the cache, which are fetched if necessary.
 * @throws UserError `CANNOT_FETCH`
 */
export function fetchBinaries(major: Major | undefined, world: BinariesWorld): Promise<Binaries> {
  return npmBinaries(major ?? DEFAULT_MAJOR, world);
}

/** @throws UserError if there is no package for this system, or it cannot be fetched or run */
async function npmBinaries(major: Major, world: BinariesWorld): Promise<Binaries> {
  const wanted = packageFor(major, world.system);
  if (!wanted) throw new UserError('CANNOT_FETCH', `npm has no PostgreSQL ${major} for ${world.system}`);
  const place = cachedAt(wanted, world.cacheFolder);
  const bin = join(place, 'bin');
  const cached = await look(bin, 'npm');
  if (typeof cached !== 'string') return cached;
  // Some of its files may be gone.
  await rm(place, { recursive: true, force: true });
  world.onFetch?.(`PostgreSQL ${major}`);
  await fetchPackage(wanted, world);
  const fetched = await look(bin, 'npm');
  if (typeof fetched !== 'string') return fetched;
  throw new UserError('CANNOT_FETCH', `${wanted.name} does not run here: ${fetched}`);
}

/** The machine's own, newest first. */
async function machineBinaries({ shell, installed }: BinariesWorld): Promise<readonly Binaries[]> {
  const onPath = findProgram('postgres', shell.PATH ?? '');
  const folders = [...(onPath ? [dirname(onPath)] : []), ...installed];
  const looks = await Promise.all(folders.map((bin) => look(bin, 'machine')));
  return looks.filter((found) => typeof found !== 'string').sort((a, b) => Number(b.major) - Number(a.major));
}

/** @returns why they cannot be used: `it has no postgres` */
async function look(bin: string, provider: Provider): Promise<Binaries | string> {
  const missing = ['postgres', 'initdb'].filter((name) => !findProgram(join(bin, name), ''));
  if (missing.length > 0) return `it has no ${enumerate(missing)}`;
  const { run } = await loadPrograms();
  const { status, stdout, stderr } = await run([join(bin, 'postgres'), '--version']).finished;
  if (status !== 0) return inOneLine(stderr.trim());
  const version = /PostgreSQL\) (\d+\S*)/.exec(stdout)?.[1] ?? '';
  const [major = ''] = version.split('.');
  if (isMajor(major)) return { bin, major, version, provider };
  return `it is PostgreSQL ${version}, not ${MAJORS.join(', ')}`;
}

function noPostgres(major: Major, reason: string): UserError {
  return new UserError(
    'NO_POSTGRES',
    `There is no PostgreSQL ${major}: ${reason}`,
    `Connect to npm's registry once: dynosim addons:install heroku-postgresql. Or install PostgreSQL here: ${installCommand()}. Or run a server of your own: dynosim config:set DATABASE_URL=postgres://…`,
  );
}

function installCommand(): string {
  return process.platform === 'darwin'
    ? `brew install postgresql@${DEFAULT_MAJOR}`
    : 'apt-get install postgresql';
}
