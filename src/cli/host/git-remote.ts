import type { HostAddress } from '../../api/client/discovery.js';
import { stateFolder, tokenFile } from '../../api/client/state-folder.js';
import { UserError } from '../../base/errors.js';
import { loadPrograms } from '../../base/process.js';
import { changeRemote, gitSetting, remotesOf, setInRepository } from '../../base/programs.js';
import { dataFolder } from '../../tls/data-folder.js';
import { shellQuote } from '../format/shell-quote.js';

/**
 * The API over TLS, which git remotes of Heroku's CLI always speak. A program that has the port of a dynosim that is gone has
 * no certificate, so it gets no token.
 */
export function tlsOrigin({ api }: Pick<HostAddress, 'api'>): string {
  return `https://${new URL(api).host}`;
}

export function gitUrl(host: Pick<HostAddress, 'api'>, app: string): string {
  return `${tlsOrigin(host)}/${app}.git`;
}

/**
 * The app that the git remote of a folder leads to.
 * @param host undefined: any, which need not run
 * @param remote its name; left out: that of the setting `heroku.remote`, else `heroku`
 * @returns undefined if it leads nowhere, or elsewhere
 * @throws UserError `NO_SUCH_REMOTE` for a remote that was named
 */
export async function appOfRemote(
  folder: string,
  host: HostAddress | undefined,
  remote?: string,
): Promise<string | undefined> {
  const url = await urlOfRemote(folder, remote);
  const [, origin, app] = /^(https:\/\/127\.0\.0\.1:\d+)\/([^/]+?)(?:\.git)?$/.exec(url) ?? [];
  if (app !== undefined && (!host || origin === tlsOrigin(host))) return app;
  if (remote === undefined) return undefined;
  throw new UserError(
    'NO_SUCH_REMOTE',
    `No git remote ${remote} of ${folder} leads to an app of ${host ? 'the' : 'a'} host`,
    `Add one: dynosim git:remote -a APP -r ${remote}`,
  );
}

/** Empty without such a remote. */
async function urlOfRemote(folder: string, remote?: string): Promise<string> {
  const env = environment();
  const remotes = await remotesOf(folder, env);
  const name = remote ?? (remotes.size > 0 ? await gitSetting('heroku.remote', folder, env) : undefined);
  return remotes.get(name ?? 'heroku') ?? '';
}

/** A remote to add to the repository of the working folder. */
export interface NewRemote {
  readonly app: string;
  readonly remote: string;
  /** The app was just made: a remote of that name stays as it is, and outside of a repository none is added. */
  readonly isNew: boolean;
}

/**
 * Adds a git remote that leads to an app, with the settings by which a plain `git push` trusts the host and has the
 * token.
 * @param now wall-clock ms
 * @returns what the user should know, if anything
 * @throws UserError `NO_REPOSITORY`
 */
export async function addRemote(
  host: HostAddress,
  { app, remote, isNew }: NewRemote,
  now: number,
): Promise<string | undefined> {
  const cwd = process.cwd();
  const env = environment();
  const remotes = await remotesOf(cwd, env);
  if (isNew && remotes.has(remote)) return `The git remote ${remote} is there already, and stays as it is.`;
  const failure = await changeRemote(
    [remotes.has(remote) ? 'set-url' : 'add', remote, gitUrl(host, app)],
    cwd,
    env,
  );
  if (failure !== undefined) {
    if (isNew) return undefined;
    throw new UserError(
      'NO_REPOSITORY',
      `git adds no remote here: ${failure}`,
      'Make a repository: git init',
    );
  }
  await trustInRepository(host, now);
  if (!env.GIT_SSL_CAINFO) return undefined;
  return 'GIT_SSL_CAINFO is set: git then trusts no other certificates. Unset it before "git push".';
}

/** Lets plain git in the repository of the working folder trust the host, and have the token. */
export async function trustInRepository(host: HostAddress, now: number): Promise<void> {
  for (const [key, values] of await trustSettings(host, now))
    await setInRepository(key, values, process.cwd(), environment());
}

/**
 * Clones an app's repository, as `git clone` does.
 * @param now wall-clock ms
 * @returns git's exit status
 */
export async function clone(
  host: HostAddress,
  { app, remote, folder }: { readonly app: string; readonly remote: string; readonly folder: string },
  now: number,
): Promise<number> {
  const settings = (await trustSettings(host, now)).flatMap(([key, values]) =>
    values.flatMap((value) => ['--config', `${key}=${value}`]),
  );
  const { run } = await loadPrograms();
  const command = ['git', 'clone', '--origin', remote, ...settings, gitUrl(host, app), folder] as const;
  return (await run(command, { share: ['stdin', 'stdout', 'stderr'] }).finished).status;
}

/** The settings by which plain git trusts the host and has the token. */
async function trustSettings(
  host: HostAddress,
  now: number,
): Promise<readonly (readonly [key: string, values: readonly [string, ...string[]]])[]> {
  // Every command that looks for its app loads this file, but hardly any needs certificates.
  const { openAuthority } = await import('../../tls/authority.js');
  const origin = tlsOrigin(host);
  const { certificateFile } = openAuthority(dataFolder(process.env), now);
  return [
    [`http.${origin}/.sslCAInfo`, [certificateFile]],
    // The empty one turns off those of the user's own settings, which do not know the token.
    [`credential.${origin}.helper`, ['', credentialHelper()]],
  ];
}

/** A line of shell, because git runs it twice for each push, and dynosim itself would take longer than the rest. */
function credentialHelper(): string {
  const file = shellQuote(tokenFile(stateFolder(process.env)));
  return `!f() { test "$1" = get && printf 'username=heroku\\npassword=%s\\n' "$(cat ${file})"; }; f`;
}

/** Points all remotes that lead to an app to its new name; returns which. */
export async function renameRemotes(
  host: HostAddress,
  before: string,
  name: string,
): Promise<readonly string[]> {
  const changed = await remotesTo(host, before);
  for (const remote of changed)
    await changeRemote(['set-url', remote, gitUrl(host, name)], process.cwd(), environment());
  return changed;
}

/** Removes all remotes that lead to an app. */
export async function removeRemotes(host: HostAddress, app: string): Promise<void> {
  for (const remote of await remotesTo(host, app))
    await changeRemote(['remove', remote], process.cwd(), environment());
}

async function remotesTo(host: HostAddress, app: string): Promise<readonly string[]> {
  const remotes = await remotesIn(process.cwd());
  return [...remotes].filter(([, url]) => url === gitUrl(host, app)).map(([name]) => name);
}

/** The URLs of the git remotes of a folder, by name. */
export function remotesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  return remotesOf(folder, environment());
}

/** The shell's variables, for git. */
function environment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
