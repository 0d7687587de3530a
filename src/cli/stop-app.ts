import { setMaxListeners } from 'node:events';
import { isAlive } from '../api/client/discovery.js';
import type { AppControl } from '../api/control.js';
import { pause, systemClock, systemWall } from '../base/clock.js';
import type { LogEntry } from '../logs/entry.js';
import type { HostConnection } from './connect.js';

const LOOK_EVERY_MS = 20;

/** How far the clocks of two processes may differ. */
const MAX_DRIFT_MS = 100;

/** More lines than are written between the first request and the second. */
const RECENT_LINES = 100;

/**
 * Asks a dynosim to end, and resolves when its process is gone. Its dynos are gone by then.
 * @param onNews called with log lines about dynos that end slowly
 */
export async function stopAndWait(
  { host, runtime }: HostConnection,
  onNews: (line: string) => void,
): Promise<void> {
  const over = new AbortController();
  const apps = (await host.info()).apps.map((name) => host.appNamed(name));
  // One listener for each app.
  setMaxListeners(0, over.signal);
  const reading = apps.map((app) => readNews(app, over.signal, onNews));
  await host.stop();
  while (isAlive(runtime.pid)) await pause(systemClock, LOOK_EVERY_MS);
  over.abort();
  await Promise.all(reading);
}

async function readNews(app: AppControl, signal: AbortSignal, onNews: (line: string) => void): Promise<void> {
  const since = systemWall() - MAX_DRIFT_MS;
  try {
    for await (const entries of app.logs({ lines: RECENT_LINES, tail: true }, signal))
      for (const entry of entries) if (entry.at >= since && isNews(entry)) onNews(describe(entry));
  } catch {
    // The API ends with the dynosim.
  }
}

/** dynosim's own remarks, and the platform's errors: R12 is a dyno that ignored SIGTERM. */
function isNews({ source, line }: LogEntry): boolean {
  return source === 'dynosim' || (source === 'heroku' && line.startsWith('Error R'));
}

function describe({ dyno, line }: LogEntry): string {
  return dyno === 'api' ? line : `${dyno}: ${line}`;
}
