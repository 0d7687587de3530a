import type { AppControl } from '../../api/control.js';
import type { Session } from '../../apps/control.js';
import type { RunRequest } from '../../apps/requests.js';
import { terminalSize } from './terminal.js';

/** Runs a command in a one-off dyno and attaches to it. */
export async function attach(app: AppControl, request: RunRequest, hasTerminal: boolean): Promise<Session> {
  const { TERM } = process.env;
  const env = { ...(TERM !== undefined && { TERM }), ...request.env };
  const terminal = hasTerminal && { terminal: terminalSize() };
  const waiting = await app.runAttached({ ...request, env, ...terminal });
  return waiting.attach();
}
