import type { Session } from '../../apps/control.js';
import { appFolder, connectUnlessHere } from '../connect.js';
import { action, appName } from '../output.js';
import { converse, ownManner } from './converse.js';
import { type RunFlags, readRunRequest } from './run-request.js';

/**
 * Runs a command in a one-off dyno of the running app, or here if none runs.
 * @returns its exit status
 * @throws UserError `NOT_RUNNING` if an app was named, `AMBIGUOUS_APP`, `UNKNOWN_SIZE`
 */
export async function run(words: readonly string[], flags: RunFlags): Promise<number> {
  const hasTerminal = flags.tty && process.stdin.isTTY;
  const request = readRunRequest(words, flags);
  const connection = await connectUnlessHere(flags);
  if (connection) {
    const { app } = connection;
    const { attach } = await import('./attach.js');
    const doing = `Running ${request.command} on ${appName(app)}`;
    return converse(await announce(doing, () => attach(app, request, hasTerminal)), ownManner(hasTerminal));
  }
  const { runHere } = await import('./here.js');
  const doing = `Running ${request.command} here, as the app does not run`;
  return converse(
    await announce(doing, () => runHere(appFolder(flags.dir), request, hasTerminal)),
    ownManner(hasTerminal),
  );
}

/** `Running bash on ⬢ my-app... up, run.1234` */
function announce(doing: string, start: () => Promise<Session>): Promise<Session> {
  return action(doing, start, ({ dyno }) => dyno, 'up');
}
