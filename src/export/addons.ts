/** The servers of an app's add-ons on another engine. */

import { varNames } from '../addons/attachments.js';
import { limitsOf, serviceOf } from '../addons/services.js';
import { certificateFromSecret } from '../tls/certificate.js';
import type { ExportedAddon, ExportedApp } from './app.js';

export interface AddonServer {
  readonly addon: ExportedAddon;
  /** The service's name, at which the app finds it. */
  readonly host: string;
  readonly port: number;
  readonly image: string;
  readonly command: readonly string[];
  /** Its passwords, and what else is for the env file of the server. */
  readonly env: ReadonlyMap<string, string>;
  /** A command that succeeds once it takes connections. */
  readonly ready: readonly string[];
  /** The user and group that it runs as: in both images, those of the server. */
  readonly user: number;
  /** Where its data is; undefined if none lasts. */
  readonly data?: string;
  /** How much data its plan has room for. */
  readonly bytes: number;
  /**
   * The megabytes that an engine keeps free for it. It has no limit: near one, a database loses its cache, and above it, its
   * life.
   */
  readonly memory: number;
  /** The megabytes that its processes may share in /dev/shm; undefined: as many as engines give any container, 64. */
  readonly shared?: number;
  /** For the app: `postgres://…` */
  readonly url: string;
}

/** The user of the server in the images of PostgreSQL and of Valkey. */
const SERVER_USER = 999;

/** What PostgreSQL takes for all connections together, and for each, in megabytes: its defaults, and simple queries. */
const POSTGRES_MEMORY = { shared: 128, connection: 6 } as const;

/** Queries in several processes at once fail when this is full. */
const POSTGRES_SHARED = 256;

/** The connections that PostgreSQL allows by default. */
const USUAL_CONNECTIONS = 100;

/** What Valkey takes without data, in megabytes. */
const VALKEY_MEMORY = 32;

/** The servers of the app's add-ons. The scheduler has none. */
export function addonServers(
  { addons }: Pick<ExportedApp, 'addons'>,
  names: ReadonlyMap<string, string>,
): readonly AddonServer[] {
  return addons.flatMap((addon) => {
    const host = names.get(addon.name) ?? addon.name;
    switch (addon.service) {
      case 'heroku-postgresql':
        return [postgres(addon, host)];
      case 'heroku-redis':
        return [redis(addon, host)];
      default:
        return [];
    }
  });
}

/** All config vars of the app: its own, and those of its add-ons. */
export function allVars(
  { configVars }: Pick<ExportedApp, 'configVars'>,
  servers: readonly AddonServer[],
): ReadonlyMap<string, string> {
  const vars = new Map([...configVars, ...attachedVars(servers)]);
  // The platform sets these.
  for (const name of ['PORT', 'DYNO']) vars.delete(name);
  return vars;
}

function attachedVars(servers: readonly AddonServer[]): ReadonlyMap<string, string> {
  return new Map(
    servers.flatMap(({ addon, url }) =>
      addon.attachments.flatMap((name) =>
        varNames(name, serviceOf(addon.service)).map((key) => [key, url] as const),
      ),
    ),
  );
}

function postgres(addon: ExportedAddon, host: string): AddonServer {
  const { user = '', password = '', database = '', major = '17' } = addon.settings;
  // https://hub.docker.com/_/postgres: from 18 on, the volume is one level higher.
  const data = Number(major) >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
  const certificate = 'ssl-cert-snakeoil';
  const { bytes = 1024 ** 3, connections = USUAL_CONNECTIONS } = limitsOf(addon);
  return {
    addon,
    host,
    port: 5432,
    image: `postgres:${major}`,
    // As on Heroku, clients may use TLS and cannot verify it: this certificate comes with the image.
    command: [
      ...['postgres', '-c', 'ssl=on', '-c', `ssl_cert_file=/etc/ssl/certs/${certificate}.pem`],
      ...['-c', `ssl_key_file=/etc/ssl/private/${certificate}.key`],
      // Two versions of an app run while one replaces the other, so never fewer than by default.
      ...['-c', `max_connections=${Math.max(USUAL_CONNECTIONS, connections)}`],
    ],
    env: new Map([
      ['POSTGRES_USER', user],
      ['POSTGRES_PASSWORD', password],
      ['POSTGRES_DB', database],
      ['PGDATA', `${data}/pgdata`],
    ]),
    // By TCP: while the image sets the database up, its server listens on a socket alone.
    ready: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', user, '-d', database],
    user: SERVER_USER,
    data,
    bytes,
    shared: POSTGRES_SHARED,
    memory: POSTGRES_MEMORY.shared + POSTGRES_MEMORY.connection * connections,
    url: `postgres://${user}:${password}@${host}:5432/${database}`,
  };
}

/** For the certificate, of which the server needs a file. */
const PEM_FILE = '/tmp/server.pem';

function redis(addon: ExportedAddon, host: string): AddonServer {
  const { password = '', policy = 'noeviction', timeout = '300', events = '' } = addon.settings;
  const { bytes = 25 * 1024 ** 2, isVolatile = false } = limitsOf(addon);
  // As on Heroku, clients use TLS and cannot verify it. The image has no certificate, and nothing to make one.
  const { key, certificate } = certificateFromSecret(password, host);
  const options = [
    `--maxmemory ${bytes} --maxmemory-policy ${policy} --timeout ${timeout}`,
    `--notify-keyspace-events '${events}' --save '' --appendonly ${isVolatile ? 'no' : 'yes'}`,
    `--port 0 --tls-port 6379 --tls-auth-clients no --tls-cert-file ${PEM_FILE} --tls-key-file ${PEM_FILE}`,
  ].join(' ');
  const writePem = `(umask 077 && printf %s "$TLS_PEM" | base64 -d >${PEM_FILE})`;
  return {
    addon,
    host,
    port: 6379,
    image: 'valkey/valkey:8',
    command: ['sh', '-c', `${writePem} && exec valkey-server --requirepass "$REDIS_PASSWORD" ${options}`],
    env: new Map([
      ['REDIS_PASSWORD', password],
      ['TLS_PEM', Buffer.from(`${key}${certificate}`).toString('base64')],
    ]),
    ready: ['sh', '-c', 'REDISCLI_AUTH="$REDIS_PASSWORD" valkey-cli --tls --insecure ping | grep -q PONG'],
    user: SERVER_USER,
    ...(!isVolatile && { data: '/data' }),
    bytes,
    // Its data twice: while it rewrites the file with the data, a second process has what changes.
    memory: VALKEY_MEMORY + 2 * (bytes / 1024 ** 2),
    url: `rediss://:${password}@${host}:6379`,
  };
}
