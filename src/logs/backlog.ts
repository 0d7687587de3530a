import type { Queue } from '../base/queue.js';
import { herokuTime, type LogEntry } from './entry.js';

/**
 * So many entries wait for a slow reader. Heroku keeps 1024 for a drain (https://github.com/heroku/logplex); here one
 * read of a busy dyno's pipe can bring more at once.
 */
export const BACKLOG_ENTRIES = 5000;

/**
 * The entry that tells a reader what was dropped before the next ones, if anything was.
 * https://devcenter.heroku.com/articles/error-codes#l11-tail-buffer-overflow
 */
export function takeOverflow(backlog: Queue<LogEntry>, at: number): readonly LogEntry[] {
  const loss = backlog.takeLoss();
  if (!loss) return [];
  const { count, first } = loss;
  const line = `Error L11 (Tail buffer overflow) -> This tail session dropped ${count} messages since ${herokuTime(first.at)}.`;
  return [{ at, source: 'heroku', dyno: 'logplex', line }];
}

/** Empties a backlog: its entries, led by one about what was dropped before them. */
export function takeBacklog(backlog: Queue<LogEntry>): readonly LogEntry[] {
  const entries = backlog.takeAll();
  const [first] = entries;
  return first ? [...takeOverflow(backlog, first.at), ...entries] : [];
}
