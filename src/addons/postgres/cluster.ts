import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { replaceFile } from '../../base/atomic-file.js';
import { inOneLine, UserError } from '../../base/errors.js';
import type { Containment } from '../../dynos/contain/index.js';
import type { Leaf } from '../../tls/authority.js';
import type { Binaries } from './binaries.js';
import { LOG_LINE_PREFIX } from './lines.js';
import { quoteText } from './wire.js';

/** The user of dynosim itself, who can connect only over the socket. */
export const SUPERUSER = 'postgres';

/** More than the largest plan allows one user, because a change of it needs a restart of the server. */
const MAX_CONNECTIONS = 150;

/** The cluster in the folder of an add-on. */
export function clusterIn(folder: string): string {
  return join(folder, 'data');
}

/**
 * How texts are compared, best first: Heroku's en_US.UTF-8, which not every system has, sorts like ICU.
 * PostgreSQL 14 cannot use ICU here, and macOS may have no C.UTF-8.
 */
const LOCALES = [
  ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'],
  ['--locale=C.UTF-8'],
  ['--locale=C'],
] as const;

const BAD_LOCALE = /ICU is not supported|invalid locale name|unrecognized option|locale-provider/;

/** Runs a command and drops its stdout. */
const ERRORS_ONLY = ['sh', '-c', 'exec "$@" > /dev/null', 'sh'] as const;

export interface ClusterMaking {
  /** The name of the add-on. */
  readonly name: string;
  readonly binaries: Binaries;
  /** What runs before the command. */
  readonly as: readonly string[];
  /** Ends initdb with dynosim: it must not write on while the next start makes the cluster anew. */
  readonly containment: Pick<Containment, 'start'>;
}

/**
 * Makes a new cluster. Its folder does not exist, but that above it does.
 * @throws UserError `CANNOT_CREATE`
 */
export async function initialize(cluster: string, making: ClusterMaking): Promise<void> {
  const { name, binaries, as, containment } = making;
  const fixed = ['-U', SUPERUSER, '-E', 'UTF8', '--no-sync', '--wal-segsize=1', '--auth=trust'];
  let problem = '';
  for (const locale of LOCALES) {
    const initdb = [join(binaries.bin, 'initdb'), '-D', cluster, ...fixed, ...locale];
    const { output, exited } = await containment.start({
      name,
      command: [...ERRORS_ONLY, ...as, ...initdb],
      cwd: dirname(cluster),
      env: serverEnv(),
    });
    const [stderr, { status }] = await Promise.all([text(output), exited]);
    if (status === 0) return;
    problem = inOneLine(stderr.trim());
    await rm(cluster, { recursive: true, force: true });
    if (!BAD_LOCALE.test(problem)) break;
  }
  throw new UserError('CANNOT_CREATE', `initdb failed: ${problem}`);
}

/** The environment of the server's programs. Their messages are read, so they must be in English. */
export function serverEnv(): Readonly<Record<string, string>> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

export interface ClusterSettings {
  readonly port: number;
  /** The folder of the socket. */
  readonly sockets: string;
  readonly major: Binaries['major'];
  readonly isStrict: boolean;
  readonly leaf: Leaf;
  /** The certificate of the authority: clients that verify must see how the chain ends. */
  readonly authority: string;
}

/** Writes what a cluster's server reads at its start. */
export function configure(cluster: string, settings: ClusterSettings): void {
  const { leaf, authority, isStrict } = settings;
  replaceFile(join(cluster, 'server.key'), leaf.key);
  replaceFile(join(cluster, 'server.crt'), `${leaf.certificate}${authority}`);
  replaceFile(join(cluster, 'pg_hba.conf'), accessRules(isStrict));
  replaceFile(join(cluster, 'postgresql.conf'), serverSettings(settings));
}

/** Clients without TLS get Heroku's words from a strict server: `no pg_hba.conf entry for host …, no encryption`. */
function accessRules(isStrict: boolean): string {
  const hosts = isStrict ? 'hostssl' : 'host';
  return [
    `local all ${SUPERUSER} trust`,
    `host all ${SUPERUSER} all reject`,
    `${hosts} all all 127.0.0.1/32 scram-sha-256`,
    '',
  ].join('\n');
}

function serverSettings({ port, sockets, major }: ClusterSettings): string {
  const isNew = Number(major) >= 18;
  const settings: Readonly<Record<string, string>> = {
    // Not ::1, too: the server would run on without 127.0.0.1 if only that is taken.
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: String(MAX_CONNECTIONS),
    ssl: 'on',
    password_encryption: 'scram-sha-256',
    // Little memory, and few processes.
    shared_buffers: '16MB',
    dynamic_shared_memory_type: 'mmap',
    // dynosim starts it again, with pauses: by itself, it would try without any while its disk is full.
    restart_after_crash: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    min_wal_size: '8MB',
    max_wal_size: '128MB',
    ...(isNew && { io_method: 'sync' }),
    log_destination: 'stderr',
    log_line_prefix: LOG_LINE_PREFIX,
    log_checkpoints: 'off',
    log_connections: isNew ? 'authorization' : 'on',
    lc_messages: 'C',
    log_timezone: 'UTC',
    timezone: 'UTC',
    datestyle: 'iso, mdy',
    default_text_search_config: 'pg_catalog.english',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quoteText(value)}\n`)
    .join('');
}
