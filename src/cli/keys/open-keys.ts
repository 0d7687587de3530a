import { inspect } from 'node:util';
import type { HostAddress } from '../../api/client/discovery.js';
import type { AppControl, HostControl } from '../../api/control.js';
import { type Clock, systemWall } from '../../base/clock.js';
import { isInForeground } from '../../dynos/proc.js';
import { tryBrowser } from '../browser.js';
import { askToOpen, entranceTo } from '../dashboard.js';
import { describeError } from '../describe-error.js';
import { layout } from '../output.js';
import type { LogView } from '../start/log-view.js';
import { act, type KeyWorld } from './actions.js';
import { Keyboard } from './keyboard.js';
import { parseTyped } from './table.js';

export interface KeysOptions {
  readonly app: AppControl;
  readonly host: HostControl;
  /** Where its API and its dashboard are. */
  readonly address: HostAddress;
  /** Opens the API. */
  readonly token: string;
  readonly view: LogView;
  /** Real time. */
  readonly clock: Clock;
  /** Whether there may be colors at all. */
  readonly mayColor: boolean;
  /** Where answers go. */
  write(text: string): void;
}

/** Scrolls all off the screen, where it can still be read, and moves the cursor to the top. */
function clearedScreen({ rows }: { readonly rows: number }): string {
  return `${'\n'.repeat(rows)}\x1b[H`;
}

/**
 * Obeys keys that are typed at the terminal.
 * @returns stops that
 */
export function openKeys({
  app,
  host,
  address,
  token,
  view,
  clock,
  mayColor,
  write,
}: KeysOptions): () => void {
  const { env, platform, stdout, stderr } = process;
  const world: KeyWorld = {
    app,
    host,
    layout: () => ({ ...layout(stderr, mayColor), now: systemWall() }),
    clear: () => {
      if (stderr.isTTY && stdout.isTTY) write(clearedScreen(stderr));
    },
    openSite: async (url) => {
      const outcome = await tryBrowser(url, env, platform);
      return outcome.at === 'opened' ? [`Opened ${url}`] : [`${outcome.why}. Open this URL in one:`, url];
    },
    openDashboard: async () => {
      const { RemoteHost } = await import('../../api/client/remote-host.js');
      const url = await entranceTo(address, new RemoteHost(address, token));
      const outcome = await tryBrowser(url, env, platform);
      return outcome.at === 'opened' ? ['Opened the dashboard'] : [askToOpen(outcome.why), url];
    },
    showOnly: (name) => view.showOnly(name),
  };
  const obey = async (line: string): Promise<void> => {
    try {
      const typed = parseTyped(line);
      const lines = typed ? await act(typed, world) : [];
      write(lines.map((text) => `${text}\n`).join(''));
    } catch (error) {
      const described = describeError(error);
      write(`${typeof described === 'string' ? described : inspect(described)}\n`);
    }
  };
  try {
    const keyboard = new Keyboard({ clock, isInForeground, onLine: (line) => void obey(line) });
    return () => keyboard.close();
  } catch {
    // The terminal belongs to another user (sudo): there are no keys.
    return () => {};
  }
}
