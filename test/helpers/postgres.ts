import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Binaries, chooseBinaries, thisMachine } from '../../src/addons/postgres/binaries.js';
import { namesIn } from '../../src/base/read.js';

/** Kept from run to run, so that a machine fetches PostgreSQL once. */
export const POSTGRES_CACHE = fileURLToPath(new URL('../../.cache/dynosim', import.meta.url));

/** What PostgreSQL's programs are looked up with: Debian's own need no network. */
export const POSTGRES_SHELL: NodeJS.ProcessEnv = { ...process.env, ...debian() };

/** The programs that tests run; undefined if there are none and npm cannot fetch any. */
export const POSTGRES: Binaries | undefined = await chooseBinaries(
  undefined,
  thisMachine(POSTGRES_SHELL, POSTGRES_CACHE, Date.now()),
).catch(() => undefined);

/** Why tests are skipped. */
export const NO_POSTGRES = "needs PostgreSQL: Debian package postgresql, or npm's registry";

function debian(): { DYNOSIM_POSTGRES_BIN?: string } {
  const [version] = namesIn('/usr/lib/postgresql').filter((name) => Number(name) >= 14);
  return version === undefined ? {} : { DYNOSIM_POSTGRES_BIN: join('/usr/lib/postgresql', version, 'bin') };
}
