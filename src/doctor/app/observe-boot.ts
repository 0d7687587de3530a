import { type Clock, pause } from '../../base/clock.js';
import { portsOfTree } from '../../dynos/proc.js';
import type { TestApp } from '../../testing/test-app.js';
import { endOf, entriesOf, type LogEntries, lastWords } from './log.js';

/** What came of the first start of an app. */
export type Boot =
  /** The first web dyno listens on $PORT. */
  | { readonly at: 'up'; readonly ms: number }
  /** There is no process type web, so nothing has to listen. */
  | { readonly at: 'started' }
  /** A dyno has ended by itself. */
  | {
      readonly at: 'ended';
      readonly dyno: string;
      readonly status: number;
      /** Oldest first. */
      readonly lastWords: readonly string[];
    }
  /** Within the boot timeout, the first web dyno did not listen on $PORT, but perhaps on others. */
  | { readonly at: 'silent'; readonly afterMs: number; readonly ports: readonly number[] }
  /** dynosim cannot start it. */
  | { readonly at: 'refused'; readonly reason: string };

const LOOK_EVERY_MS = 500;

/**
 * Waits until the first web dyno listens, ends, or takes longer than the boot timeout.
 * @param clock real time
 */
export async function observeBoot(
  app: TestApp,
  hasWeb: boolean,
  bootMs: number,
  clock: Clock,
): Promise<Boot> {
  if (!hasWeb) return { at: 'started' };
  const ports = new Set<number>();
  let isOver = false;
  const look = async (): Promise<void> => {
    for (; !isOver; await pause(clock, LOOK_EVERY_MS)) for (const port of await portsOf(app)) ports.add(port);
  };
  void look();
  try {
    await app.up('web');
  } catch {
    // What has happened is in the log.
  }
  isOver = true;
  return bootIn(app.logs, bootMs, [...ports]);
}

async function portsOf(app: TestApp): Promise<readonly number[]> {
  const pid = await app.dyno('web.1').then(
    (dyno) => dyno.pid,
    () => null,
  );
  return pid === null ? [] : portsOfTree(pid);
}

/** Reads from a log what came of the first start of web.1. */
export function bootIn(logs: LogEntries, bootMs: number, ports: readonly number[]): Boot {
  const dyno = 'web.1';
  const lines = entriesOf(logs, dyno, 'heroku');
  const begin = lines.find(({ line }) => line.startsWith('Starting process'));
  const up = lines.find(({ line }) => line === 'State changed from starting to up');
  const end = lines.find(({ line }) => line.startsWith('State changed from starting to crashed'));
  if (begin && up && !(end && end.time < up.time))
    return { at: 'up', ms: Date.parse(up.time) - Date.parse(begin.time) };
  if (lines.some(({ line }) => line.startsWith('Error R10'))) return { at: 'silent', afterMs: bootMs, ports };
  return { at: 'ended', dyno, status: endOf(lines) ?? 1, lastWords: lastWords(logs, dyno) };
}
