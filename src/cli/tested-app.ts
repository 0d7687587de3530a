import { type HostAddress, isRunning } from '../api/client/discovery.js';
import { RemoteHost } from '../api/client/remote-host.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import type { AppFlags, Connection } from './connect.js';

/**
 * Names the app of a `dynosim test` to the commands inside of it, by the URL of its control API and by the process:
 * `http://127.0.0.1:41234/apps/my-app?instance=…&pid=…`.
 */
const TESTED_APP = 'DYNOSIM_TEST_APP';

/** Leads commands of dynosim to an app. */
export function leadTo({ api, instance, pid }: HostAddress, app: string): Readonly<Record<string, string>> {
  return { [TESTED_APP]: `${api}/apps/${encodeURIComponent(app)}?instance=${instance}&pid=${pid}` };
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
  const { name, ...address } = parse(url);
  if (wanted !== undefined && wanted !== name) return undefined;
  if (!(await isRunning(address, token))) throw ended(name);
  const host = new RemoteHost(address, token);
  const app = host.appNamed(name);
  const [{ router }, info] = await Promise.all([host.info(), app.info()]);
  if (dir !== '.' && !foldersUpwards(dir).includes(info.dir)) return undefined;
  return { host, app, token, runtime: { ...address, router } };
}

/** @throws UserError `BAD_TEST_APP` */
function parse(url: string) {
  const [, api, name, instance, pid] =
    /^(http:\/\/[^/]+)\/apps\/([^/?]+)\?instance=([\w-]+)&pid=(\d+)$/.exec(url) ?? [];
  if (api !== undefined && name !== undefined && instance !== undefined)
    return { api, name: decodeURIComponent(name), instance, pid: Number(pid) };
  throw new UserError('BAD_TEST_APP', `${TESTED_APP} is "${url}", which leads to no app`, 'Unset it.');
}

function ended(name: string): UserError {
  const hint = `Run it inside of the command, or unset ${TESTED_APP}.`;
  return new UserError('NOT_RUNNING', `The "dynosim test" of ${name} has ended`, hint);
}
