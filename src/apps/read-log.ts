import { LOG_LIMITS } from '../base/limits.js';
import { Queue } from '../base/queue.js';
import { BACKLOG_ENTRIES, takeOverflow } from '../logs/backlog.js';
import type { LogBus } from '../logs/bus.js';
import type { LogEntry } from '../logs/entry.js';
import type { LogFilter } from './requests.js';

/**
 * The entries of a log that match a filter: the latest ones, and with `tail` those that are written from this call on,
 * in batches as they come. A reader that is too slow holds up nobody: it loses the oldest entries and reads how many.
 * @param ends once one of them aborts nothing more is taken; what has come by then can still be read
 */
export function readLog(
  logs: Pick<LogBus, 'recent' | 'subscribe'>,
  filter: LogFilter,
  ...ends: readonly AbortSignal[]
): AsyncGenerator<readonly LogEntry[]> {
  const backlog = new Queue<LogEntry>(BACKLOG_ENTRIES);
  // Both in the same breath: what is written meanwhile is neither lost nor read twice.
  const latest = logs.recent(LOG_LIMITS.history).filter((entry) => matches(filter, entry));
  const unsubscribe = logs.subscribe((entry) => {
    if (matches(filter, entry)) backlog.push(entry);
  });
  const stop = (): void => {
    unsubscribe();
    backlog.end();
    for (const end of ends) end.removeEventListener('abort', stop);
  };
  for (const end of ends) end.addEventListener('abort', stop);
  if (!filter.tail || ends.some(({ aborted }) => aborted)) stop();
  return read(filter.lines === 0 ? [] : latest.slice(-filter.lines), backlog, stop);
}

async function* read(
  latest: readonly LogEntry[],
  backlog: Queue<LogEntry>,
  stop: () => void,
): AsyncGenerator<readonly LogEntry[]> {
  try {
    if (latest.length > 0) yield latest;
    for await (const entries of backlog.batches())
      yield [...takeOverflow(backlog, entries[0]?.at ?? 0), ...entries];
  } finally {
    stop();
  }
}

/** dynosim's own remarks have a source of their own: neither `app` nor `heroku` brings them. */
function matches({ source, dyno, type }: LogFilter, entry: LogEntry): boolean {
  if (source !== undefined && entry.source !== source) return false;
  const isOf = (name: string | undefined): boolean =>
    name === undefined || entry.dyno === name || entry.dyno.startsWith(`${name}.`);
  return isOf(dyno) && isOf(type);
}
