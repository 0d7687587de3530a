import { once } from 'node:events';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findHosts, hostFile, refuseSecond } from '../../api/client/discovery.js';
import { orUnusable, readToken, stateFolder } from '../../api/client/state-folder.js';
import { makeFolder } from '../../base/atomic-file.js';
import { pause, systemClock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { type Exit, startForGood } from '../../base/process.js';
import { unusable } from '../../base/record-file.js';
import { print } from '../output.js';
import { HOST_LOG } from './host-log.js';
import { type HostFlags, hostState } from './options.js';

const LOOK_EVERY_MS = 20;

/**
 * Starts a host in the background; resolves when it is ready.
 * @throws UserError `ALREADY_RUNNING`, `HOST_FAILED`, `STATE_UNUSABLE`
 */
export async function detachHost(flags: HostFlags): Promise<void> {
  const state = hostState(flags, process.env);
  const token = readToken(stateFolder(process.env));
  await refuseSecond(hostFile(state), token);
  orUnusable(state, () => makeFolder(state));
  const log = join(state, HOST_LOG);
  const logged = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const { exited } = await start(log);
  const host = await Promise.race([exited, ready(state, token)]);
  if ('status' in host) throw failed(readFileSync(log).subarray(logged).toString(), log);
  print(`The host is at ${host.router.replace('//127.0.0.1:', '//localhost:')} (pid ${host.pid})`);
  print(`Its log: ${log}. Stop it with: dynosim host:stop`);
}

async function start(log: string): Promise<{ readonly exited: Promise<Exit> }> {
  const [node, script = '', ...args] = process.argv;
  const own = args.filter((arg) => arg !== '--detach' && arg !== '-D');
  const output = createWriteStream(log, { flags: 'a', mode: 0o600 });
  await once(output, 'open').catch((error: unknown) => {
    throw unusable(log, error);
  });
  try {
    return await startForGood(
      [node ?? 'node', ...process.execArgv, script, ...own, '--in-background'],
      output,
    );
  } finally {
    output.destroy();
  }
}

async function ready(state: string, token: string) {
  for (;;) {
    const hosts = await findHosts(stateFolder(process.env), token);
    const host = hosts.find((one) => one.state === state);
    if (host) return host;
    await pause(systemClock, LOOK_EVERY_MS);
  }
}

/** The error for a host that has ended, with the last line that it printed. */
function failed(printed: string, log: string): UserError {
  const [last = 'it ended at once'] = printed.trim().split('\n').slice(-1);
  return new UserError(
    'HOST_FAILED',
    `The host did not start: ${last.replace(/^dynosim: /, '')}`,
    `See ${log}.`,
  );
}
