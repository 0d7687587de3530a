import { Queue } from '../base/queue.js';
import { BACKLOG_ENTRIES, takeOverflow } from '../logs/backlog.js';
import type { LogBus } from '../logs/bus.js';
import { isFrom, type LogEntry } from '../logs/entry.js';
import type { LogFilter } from './requests.js';

/**
 * Yields the log entries that match a filter: the latest ones and, with `tail`, those written from this call on, in
 * batches. A slow reader does not delay others: it loses the oldest entries, and an entry says how many.
 * @param ends reading ends when one of them is aborted; entries that came before can still be read
 */
export function readLog(
  logs: Pick<LogBus, 'recent' | 'subscribe'>,
  filter: LogFilter,
  ...ends: readonly AbortSignal[]
): AsyncGenerator<readonly LogEntry[]> {
  const backlog = new Queue<LogEntry>(BACKLOG_ENTRIES);
  // Nothing runs in between, so no entry is lost or read twice.
  const matches = createMatcher(filter);
  const latest = logs.recent(Number.POSITIVE_INFINITY).filter(matches);
  const unsubscribe = logs.subscribe((entry) => {
    if (matches(entry)) backlog.push(entry);
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

/** dynosim's own remarks have the source `dynosim`, so neither `app` nor `heroku` selects them. */
function createMatcher(filter: LogFilter): (entry: LogEntry) => boolean {
  const { source, dyno, type, exclude = [], since = Number.NEGATIVE_INFINITY } = filter;
  const wanted = [dyno, type].filter((name) => name !== undefined);
  return (entry) =>
    entry.at >= since &&
    (source === undefined || entry.source === source) &&
    wanted.every((name) => isFrom(entry, name)) &&
    !exclude.some((name) => isFrom(entry, name));
}
