import { type Clock, pause } from '../../base/clock.js';
import { portsOfTree } from '../../dynos/proc.js';
import type { TestApp } from '../../testing/test-app.js';
import { endOf, entriesOf, isCrash, type LogEntries, lastWords } from './log.js';

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
  | {
      readonly at: 'silent';
      readonly afterMs: number;
      readonly ports: readonly number[];
      /** Oldest first. */
      readonly lastWords: readonly string[];
    }
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
  const words = { lastWords: lastWords(logs, dyno) };
  if (lines.some(({ line }) => line.startsWith('Error R10')))
    return { at: 'silent', afterMs: bootMs, ports, ...words };
  return { at: 'ended', dyno, status: endOf(lines) ?? 1, ...words };
}

/** How much longer than its first run the second one must live to show that it does not end by itself. */
const PATIENCE = 3;
const PATIENCE_MS = 2000;

/**
 * Finds out why the first web dyno did not survive its first request. Some servers listen before they load the app, and
 * end if they cannot: gunicorn, Puma's and Node's clusters. Their second run, which the platform starts at once and which
 * gets no request, ends as well.
 * @param livedMs how long its first run has lived
 * @returns its end; undefined if the request was to blame
 */
export async function observeEnd(app: TestApp, livedMs: number, clock: Clock): Promise<Boot | undefined> {
  const dyno = 'web.1';
  const deadline = clock.now() + PATIENCE_MS + PATIENCE * livedMs;
  while (clock.now() < deadline) {
    const lines = entriesOf(app.logs, dyno, 'heroku');
    if (lines.filter(isCrash).length > 1)
      return { at: 'ended', dyno, status: endOf(lines) ?? 1, lastWords: lastWords(app.logs, dyno) };
    await pause(clock, LOOK_EVERY_MS);
  }
  return undefined;
}
