import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../api/client/state-folder.js';
import { systemTime } from '../../base/clock.js';
import { openAuthority } from '../../tls/authority.js';
import { dataFolder } from '../../tls/data-folder.js';
import type { Connection, HostConnection } from '../connect.js';
import { tlsOrigin } from '../host/git-remote.js';
import { OwnFiles } from './own-files.js';

/** The file of certificates that Node trusts: dynosim's, and others. */
const BOTH = 'ca.crt';

/** Changes to the environment of Heroku's CLI. */
export interface HerokuEnvironment {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  readonly files: OwnFiles;
}

/** Keeps the CLI from asking, or sending, anything on the internet. */
const OFFLINE = {
  HEROKU_DISABLE_AUTOUPDATE: '1',
  HEROKU_SKIP_NEW_VERSION_CHECK: '1',
  HEROKU_SKIP_ANALYTICS: '1',
  DISABLE_TELEMETRY: 'true',
} as const;

/**
 * Keeps Heroku's CLI offline when no app runs.
 * @throws UserError `STATE_UNUSABLE`
 */
export function offlineEnvironment(env: NodeJS.ProcessEnv): HerokuEnvironment {
  const files = openFiles(env);
  return { set: { ...OFFLINE, HEROKU_CACHE_DIR: files.folder }, unset: [], files };
}

function openFiles(env: NodeJS.ProcessEnv): OwnFiles {
  const files = new OwnFiles(join(stateFolder(env), 'heroku-cli'));
  // Marks Heroku's terms of service as shown, and (for version 9) the CLI as up to date.
  files.keep('terms-of-service', '');
  files.keep('version', '{}', { isFresh: true });
  return files;
}

function authorityFile(env: NodeJS.ProcessEnv): string {
  return openAuthority(dataFolder(env), systemTime().wall()).certificateFile;
}

/** Gives git the name and password. The empty helper before it removes the CLI's own, which would start that CLI. */
const CREDENTIAL_HELPER =
  '!f() { test "$1" = get && printf "username=heroku\\npassword=%s\\n" "$HEROKU_API_KEY"; }; f';

/**
 * Points Heroku's CLI at a running app, or at a host of many, and keeps it off the internet.
 * @param env the environment it would have had
 * @throws UserError `DATA_UNUSABLE`, `STATE_UNUSABLE`
 */
export function herokuEnvironment(
  connection: Connection | HostConnection,
  env: NodeJS.ProcessEnv,
): HerokuEnvironment {
  const { runtime, token } = connection;
  const api = tlsOrigin(runtime);
  const authority = authorityFile(env);
  const files = openFiles(env);
  return {
    set: {
      HEROKU_HOST: api,
      HEROKU_API_KEY: token,
      // It would take the place of git remotes, and of the name in `heroku create`.
      ...('app' in connection && { HEROKU_APP: connection.app.name }),
      // Services that the CLI would otherwise reach on the internet.
      HEROKU_PARTICLEBOARD_URL: api,
      // Gets no token. The browser, which opens a page of it, need not know the certificate authority.
      HEROKU_LOGIN_HOST: runtime.api,
      HEROKU_STATUS_HOST: api,
      HEROKU_DATA_HOST: new URL(api).hostname,
      HEROKU_BUILDPACK_REGISTRY_URL: api,
      ...OFFLINE,
      HEROKU_CACHE_DIR: files.folder,
      // Without this the CLI would put the token into the system's keyring.
      HEROKU_NETRC_WRITE: 'true',
      NODE_EXTRA_CA_CERTS: withOthers(authority, env.NODE_EXTRA_CA_CERTS, files),
      ...gitConfig(
        [
          // Git prefers the variable to the setting for a host.
          ...(env.GIT_SSL_CAINFO ? [['http.sslCAInfo', env.GIT_SSL_CAINFO] as const] : []),
          [`http.${api}/.sslCAInfo`, authority],
          [`credential.${api}.helper`, ''],
          [`credential.${api}.helper`, CREDENTIAL_HELPER],
        ],
        env,
      ),
    },
    unset: [
      ...(env.GIT_SSL_CAINFO === undefined ? [] : ['GIT_SSL_CAINFO']),
      // From an earlier `dynosim env`, for another app.
      ...(env.HEROKU_APP !== undefined && env.HEROKU_HOST !== undefined && !('app' in connection)
        ? ['HEROKU_APP']
        : []),
    ],
    files,
  };
}

/** Node reads one file of extra certificates, so a file that is set already is merged with dynosim's. */
function withOthers(own: string, others: string | undefined, files: OwnFiles): string {
  if (others === undefined || others === own || others === files.path(BOTH)) return others ?? own;
  try {
    return files.keep(BOTH, `${readFileSync(own, 'utf8')}\n${readFileSync(others, 'utf8')}`);
  } catch {
    // Node could not have read it either.
    return own;
  }
}

/**
 * Git reads settings from numbered variables, `GIT_CONFIG_…`. Existing ones stay, except those of an earlier call.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
 */
function gitConfig(
  settings: readonly (readonly [key: string, value: string])[],
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const count = Number(env.GIT_CONFIG_COUNT) || 0;
  const theirs = Array.from({ length: count }, (_, index) => index).filter(
    (index) => !settings.some(([key]) => key === env[`GIT_CONFIG_KEY_${index}`]),
  );
  const all = [
    ...theirs.map(
      (index) => [env[`GIT_CONFIG_KEY_${index}`] ?? '', env[`GIT_CONFIG_VALUE_${index}`] ?? ''] as const,
    ),
    ...settings,
  ];
  const variables = all.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(all.length), ...Object.fromEntries(variables) };
}
