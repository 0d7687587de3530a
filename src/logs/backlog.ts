import type { Queue } from '../base/queue.js';
import { herokuTime, type LogEntry } from './entry.js';

/**
 * How many entries may wait for a slow reader. Heroku keeps 1024 for a drain (https://github.com/heroku/logplex); here,
 * a single read from a busy dyno's pipe can yield more.
 */
export const BACKLOG_ENTRIES = 5000;

/**
 * The entry that reports dropped entries to the reader, if there are any.
 * https://devcenter.heroku.com/articles/error-codes#l11-tail-buffer-overflow
 */
export function takeOverflow(backlog: Queue<LogEntry>, at: number): readonly LogEntry[] {
  const loss = backlog.takeLoss();
  if (!loss) return [];
  const { count, first } = loss;
  const line = `Error L11 (Tail buffer overflow) -> This tail session dropped ${count} messages since ${herokuTime(first.at)}.`;
  return [{ at, source: 'heroku', dyno: 'logplex', line }];
}

/** Takes all entries, with one about dropped entries at the start if necessary. */
export function takeBacklog(backlog: Queue<LogEntry>): readonly LogEntry[] {
  const entries = backlog.takeAll();
  const [first] = entries;
  return first ? [...takeOverflow(backlog, first.at), ...entries] : [];
}
