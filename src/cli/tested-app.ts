import { RemoteHost } from '../api/client/remote-host.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import type { AppFlags, Connection } from './connect.js';

/**
 * Names the app of a `dynosim test` to the commands inside of it, by the URL of its control API:
 * `http://127.0.0.1:41234/apps/my-app`.
 */
const TESTED_APP = 'DYNOSIM_TEST_APP';

/** Leads commands of dynosim to an app. */
export function leadTo(api: string, app: string): Readonly<Record<string, string>> {
  return { [TESTED_APP]: `${api}/apps/${encodeURIComponent(app)}` };
}

/**
 * Connects to the app of the `dynosim test` in which this command runs, unless its flags name another one.
 * @throws UserError `NOT_RUNNING` if it has ended
 */
export async function connectToTested(
  env: NodeJS.ProcessEnv,
  token: string,
  { app: wanted, remote, dir }: AppFlags,
): Promise<Connection | undefined> {
  const url = env[TESTED_APP];
  if (!url || remote !== undefined) return undefined;
  const { api, name } = parse(url);
  if (wanted !== undefined && wanted !== name) return undefined;
  const host = new RemoteHost(api, token);
  const app = host.appNamed(name);
  const [view, info] = await Promise.all([host.info(), app.info()]).catch((error: unknown) => {
    if (error instanceof Error && 'syscall' in error) throw ended(name);
    throw error;
  });
  if (dir !== '.' && !foldersUpwards(dir).includes(info.dir)) return undefined;
  const { instance, pid, router } = view;
  return { host, app, token, runtime: { instance, pid, router, api } };
}

/** @throws UserError `BAD_TEST_APP` */
function parse(url: string): { readonly api: string; readonly name: string } {
  const [, api, name] = /^(http:\/\/[^/]+)\/apps\/([^/]+)$/.exec(url) ?? [];
  if (api !== undefined && name !== undefined) return { api, name: decodeURIComponent(name) };
  throw new UserError('BAD_TEST_APP', `${TESTED_APP} is "${url}", which leads to no app`, 'Unset it.');
}

function ended(name: string): UserError {
  const hint = `Run it inside of the command, or unset ${TESTED_APP}.`;
  return new UserError('NOT_RUNNING', `The "dynosim test" of ${name} has ended`, hint);
}
