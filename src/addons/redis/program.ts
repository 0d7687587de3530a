import { statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import { loadPrograms } from '../../base/process.js';

/** Both speak the same protocol; Heroku Key-Value Store runs Valkey. */
const NAMES = ['valkey-server', 'redis-server'] as const;

/** Where Homebrew puts programs: on Apple silicon, on Intel, on Linux. https://docs.brew.sh/Installation */
const HOMEBREW = ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin'] as const;

/** A server answers the probe in a few milliseconds. */
const PROBE_MS = 5000;

/**
 * The machine's Redis server: the one that DYNOSIM_REDIS_BIN names, a program or its folder, else the first one on PATH
 * or of Homebrew. The search is repeated at each start, because the machine may have got another version.
 * @throws UserError `NO_REDIS`
 */
export function findRedis(shell: NodeJS.ProcessEnv): string {
  const named = shell.DYNOSIM_REDIS_BIN;
  if (named) return programAt(named);
  const path = [shell.PATH ?? '', ...HOMEBREW].join(delimiter);
  for (const name of NAMES) {
    const found = findProgram(name, path);
    // The server's own folder is another one.
    if (found !== undefined) return resolve(found);
  }
  throw new UserError('NO_REDIS', 'This machine has no Redis server, and npm has none', remedyFor(path));
}

function programAt(named: string): string {
  const isFolder = statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
  const places = isFolder ? NAMES.map((name) => resolve(named, name)) : [resolve(named)];
  const found = places.find((place) => findProgram(place, ''));
  if (found !== undefined) return found;
  throw new UserError(
    'NO_REDIS',
    `DYNOSIM_REDIS_BIN is ${named}, where no Redis server is`,
    'Set it to the path of valkey-server or redis-server, or of their folder.',
  );
}

/** How the package managers install one that has TLS. */
const INSTALLERS: readonly (readonly [program: string, command: string])[] = [
  ['brew', 'brew install valkey'],
  ['apt-get', 'sudo apt-get install redis-server'],
  ['dnf', 'sudo dnf install valkey'],
  ['pacman', 'sudo pacman -S valkey'],
  ['apk', 'sudo apk add valkey'],
];

function remedyFor(path: string): string {
  const [, how] = INSTALLERS.find(([program]) => findProgram(program, path) !== undefined) ?? [];
  const install = how === undefined ? 'Install Valkey or Redis' : `Install one: ${how}`;
  return `${install}. Or set DYNOSIM_REDIS_BIN to the path of valkey-server or redis-server.`;
}

/** A setting that no version knows: a server that has accepted all settings before it reports this one, and exits. */
const UNKNOWN_SETTING = 'dynosim-probe';

/**
 * Checks that a server can be run, and was built with TLS.
 * @throws UserError `NO_REDIS`, `REDIS_WITHOUT_TLS`
 */
export async function requireTls(program: string): Promise<void> {
  const { run } = await loadPrograms();
  const command = [program, '--tls-port', '0', `--${UNKNOWN_SETTING}`, 'yes'] as const;
  const { stdout, stderr } = await run(command, { timeoutMs: PROBE_MS }).finished;
  const said = `${stdout}\n${stderr}`;
  if (said.includes(`'${UNKNOWN_SETTING}`)) return;
  if (said.includes("'tls-port"))
    throw new UserError(
      'REDIS_WITHOUT_TLS',
      `${program} was built without TLS, which Heroku requires`,
      'Name another one with DYNOSIM_REDIS_BIN. The packages of Debian and Homebrew have TLS.',
    );
  const reason = said.trim().split('\n').at(-1) || 'it prints nothing';
  throw new UserError('NO_REDIS', `${program} is no Redis server that dynosim can run: ${reason}`);
}
