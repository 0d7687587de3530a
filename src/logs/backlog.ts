import { herokuTime, type LogEntry } from './entry.js';

/**
 * Entries that wait for a slow reader. Heroku keeps 1024 for a drain (https://github.com/heroku/logplex); here one
 * read of a busy dyno's pipe can bring more at once.
 */
export const BACKLOG_ENTRIES = 5000;

/** Entries on their way to a reader that may be slow: the oldest are dropped beyond a bound, and it is told how many. */
export class Backlog {
  #entries: LogEntry[] = [];
  #dropped = 0;
  #droppedSince = 0;

  push(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length <= BACKLOG_ENTRIES) return;
    const oldest = this.#entries.shift();
    if (this.#dropped === 0) this.#droppedSince = oldest?.at ?? entry.at;
    this.#dropped += 1;
  }

  /** Empties the backlog: its entries, led by one about what was dropped before them. */
  take(): readonly LogEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    const [first] = entries;
    if (!first || this.#dropped === 0) return entries;
    const notice = overflow(first.at, this.#dropped, this.#droppedSince);
    this.#dropped = 0;
    return [notice, ...entries];
  }
}

/** https://devcenter.heroku.com/articles/error-codes#l11-tail-buffer-overflow */
export function overflow(at: number, dropped: number, since: number): LogEntry {
  const line = `Error L11 (Tail buffer overflow) -> This tail session dropped ${dropped} messages since ${herokuTime(since)}.`;
  return { at, source: 'heroku', dyno: 'logplex', line };
}
