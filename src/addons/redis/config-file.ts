import type { LiveSettings } from './settings.js';

/** Names of files in the folder of an add-on. The server sees them from its data folder: their path has any length. */
export const CONFIG_FILE = 'redis.conf';
export const CERTIFICATE_FILE = 'server.crt';
export const KEY_FILE = 'server.key';
export const DATA_FOLDER = 'data';

export interface ConfigFile {
  readonly port: number;
  /** The certificate of the authority. */
  readonly authorityFile: string;
  /** What the CONFIG command is called. */
  readonly configCommand: string;
  readonly live: LiveSettings;
}

/**
 * The server's configuration. It is passed in a file, because process listings show a command line, and it has the
 * password. https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
export function configText({ port, authorityFile, configCommand, live }: ConfigFile): string {
  const lines: readonly (readonly [string, ...string[]])[] = [
    ['bind', '127.0.0.1', '-::1'],
    ['port', '0'],
    ['tls-port', `${port}`],
    ['tls-cert-file', `../${CERTIFICATE_FILE}`],
    ['tls-key-file', `../${KEY_FILE}`],
    // Redis 6 does not start without it.
    ['tls-ca-cert-file', authorityFile],
    ['tls-auth-clients', 'no'],
    ['dir', DATA_FOLDER],
    ['daemonize', 'no'],
    ['always-show-logo', 'no'],
    ['save', ''],
    // Written before the client gets its answer, so that no kill of the server loses an acknowledged change. Heroku's
    // and Redis' "everysec" may answer first while the disk is busy.
    ['appendfsync', 'no'],
    // Heroku does not offer the command: ERR unknown command 'CONFIG'.
    // https://devcenter.heroku.com/articles/heroku-redis#configuring-your-instance
    ['rename-command', 'CONFIG', configCommand],
  ];
  const all = [...lines, ...Object.entries(live)];
  return all.map(([name, ...values]) => `${[name, ...values.map(quoted)].join(' ')}\n`).join('');
}

/** As Redis reads it in its configuration. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
