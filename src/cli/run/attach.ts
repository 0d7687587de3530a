import type { AppControl } from '../../api/control.js';
import type { Session } from '../../apps/control.js';
import type { RunRequest } from '../../apps/requests.js';
import { terminalSize } from './terminal.js';

/** Runs a command in a one-off dyno and attaches to it. */
export async function attach(app: AppControl, request: RunRequest, hasTerminal: boolean): Promise<Session> {
  const { env, ...terminal } = shownTerminal(hasTerminal);
  const waiting = await app.runAttached({ ...request, env: { ...env, ...request.env }, ...terminal });
  return waiting.attach();
}

/** What a command needs to know of the user's terminal. */
export function shownTerminal(hasTerminal: boolean): Pick<RunRequest, 'env' | 'terminal'> {
  const { TERM } = process.env;
  return {
    env: TERM === undefined ? {} : { TERM },
    ...(hasTerminal && { terminal: terminalSize() }),
  };
}
