import { findHosts, hostFile, refuseSecond } from '../../api/client/discovery.js';
import { orUnusable, readToken, stateFolder } from '../../api/client/state-folder.js';
import { makeFolder } from '../../base/atomic-file.js';
import { pause, systemClock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { siteOf } from '../../base/site.js';
import { LOOK_EVERY_MS, lastWords, startAgain } from '../background/start-again.js';
import { say } from '../output.js';
import { type HostFlags, hostLog, hostState } from './options.js';

/**
 * Starts a host in the background; resolves when it is ready.
 * @throws UserError `ALREADY_RUNNING`, `HOST_FAILED`, `STATE_UNUSABLE`
 */
export async function detachHost(flags: HostFlags): Promise<void> {
  const state = hostState(flags, process.env);
  const token = readToken(stateFolder(process.env));
  await refuseSecond(hostFile(state), token);
  orUnusable(state, () => makeFolder(state));
  const log = hostLog(state);
  const background = await startAgain(log);
  const host = await Promise.race([background.exited, ready(state, token)]);
  if ('status' in host) {
    const message = `The host did not start: ${lastWords(background)}`;
    throw new UserError('HOST_FAILED', message, `See ${log}.`);
  }
  say(`The host is at ${siteOf(host.router)} (pid ${host.pid})`);
  say(`Its log: ${log}. Stop it with: dynosim host:stop`);
}

async function ready(state: string, token: string) {
  for (;;) {
    const hosts = await findHosts(stateFolder(process.env), token);
    const host = hosts.find((one) => one.state === state);
    if (host) return host;
    await pause(systemClock, LOOK_EVERY_MS);
  }
}
