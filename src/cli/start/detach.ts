import { constants } from 'node:os';
import { findByFolder, refuseSecond, runtimeFile } from '../../api/client/discovery.js';
import { RemoteHost } from '../../api/client/remote-host.js';
import { appStateFolder, orUnusable, readToken, stateFolder } from '../../api/client/state-folder.js';
import { makeFolder } from '../../base/atomic-file.js';
import { pause, systemClock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import { siteOf } from '../../base/site.js';
import { type Background, LOOK_EVERY_MS, lastWords, startAgain } from '../background/start-again.js';
import { say } from '../output.js';
import { waitUntilUp } from '../wait.js';
import { startLog } from './options.js';

/**
 * Starts an app in the background; resolves when every dyno is up. If one crashes, the app runs on, as in the
 * foreground.
 * @param folder the app's
 * @throws UserError `ALREADY_RUNNING`, `START_FAILED`, `STATE_UNUSABLE`, and as `waitUntilUp`
 */
export async function detachStart(folder: string): Promise<void> {
  const dir = realFolder(folder);
  const state = stateFolder(process.env);
  const appState = appStateFolder(state, dir);
  await refuseSecond(runtimeFile(appState), readToken(state));
  orUnusable(state, () => makeFolder(appState));
  const log = startLog(appState);
  const background = await startAgain(log);
  endWithThis(background);
  const started = await Promise.race([background.exited, ready(state, dir, background.pid)]);
  if ('status' in started) throw failed(background, log);
  await waitUntilUp(started, Number.POSITIVE_INFINITY).catch(async (error: unknown) => {
    // A crash leaves the others running. Otherwise it has ended, or is about to.
    if (error instanceof UserError && error.code !== 'GONE')
      throw new UserError(error.code, error.message, `See ${log}; "dynosim stop" ends what still runs.`);
    await Promise.race([background.exited, pause(systemClock, ENDS_WITHIN_MS)]);
    throw failed(background, log);
  });
  say(`${started.app.name} is at ${started.url} (pid ${background.pid})`);
  say(`Its log: ${log}. Stop it with: dynosim stop`);
}

/** How long an app may run on after its API has ended. */
const ENDS_WITHIN_MS = 2000;

function failed(background: Background, log: string): UserError {
  return new UserError('START_FAILED', `The app did not start: ${lastWords(background)}`, `See ${log}.`);
}

/** Ends the app if the user ends this command before the app is up. */
function endWithThis({ pid }: Background): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      process.kill(pid, 'SIGTERM');
      // A line of progress has not ended.
      if (process.stderr.isTTY) process.stderr.write('\n');
      process.exit(128 + constants.signals[signal]);
    });
}

/** Resolves when commands find the dynosim of this process id, with its app. */
async function ready(state: string, dir: string, pid: number) {
  for (;;) {
    // It may have made a new token.
    const token = readToken(state);
    const runtime = await findByFolder(state, dir, token);
    if (runtime?.pid === pid) {
      const host = new RemoteHost(runtime, token);
      const url = siteOf(runtime.router);
      return { host, app: host.appNamed(runtime.app), url };
    }
    await pause(systemClock, LOOK_EVERY_MS);
  }
}
