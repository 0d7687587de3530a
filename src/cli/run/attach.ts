import { attachTo } from '../../api/attach/client.js';
import type { AppClient } from '../../api/client/app-client.js';
import type { Session } from '../../apps/control.js';
import { terminalSize } from './terminal.js';
import type { Wish } from './wish.js';

/** Runs a command in a one-off dyno of a running app and attaches to it. */
export async function attach(app: AppClient, wish: Wish, hasTerminal: boolean): Promise<Session> {
  const { TERM } = process.env;
  const { columns, rows } = terminalSize();
  const env = {
    ...(TERM !== undefined && { TERM }),
    ...wish.env,
    ...(hasTerminal && { COLUMNS: String(columns), LINES: String(rows) }),
  };
  const { name, attach_url: url } = await app.createDyno({
    ...wish,
    env,
    attach: true,
    force_no_tty: !hasTerminal,
  });
  return attachTo(name, app.runtime.api, url ?? '', app.token);
}
