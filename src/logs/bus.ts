import { Emitter } from '../base/emitter.js';
import { LOG_LIMITS } from '../base/limits.js';
import { Queue } from '../base/queue.js';
import { withoutControls } from '../base/wording.js';
import { isFromApp, isOneOffName, type LogEntry } from './entry.js';
import { Gate } from './gate.js';

interface Kept {
  /** Counts all entries. */
  readonly number: number;
  readonly entry: LogEntry;
}

/** The history that keeps an entry. One-off dynos share one for each type, because there may be any number of them. */
function historyOf({ dyno }: Pick<LogEntry, 'dyno'>): string {
  return isOneOffName(dyno) ? dyno.slice(0, dyno.indexOf('.')) : dyno;
}

/** One app's log, with any number of writers and readers. Writing never waits and never fails. */
export class LogBus {
  /** While it is held, nobody reads the dynos' output. */
  readonly gate: Gate;
  readonly #entries = new Emitter<LogEntry>();
  /** By dyno, so that one that prints much does not push out what others have said. */
  readonly #histories = new Map<string, Queue<Kept>>();
  #written = 0;

  /** @param gate the gate of an output that must not lose lines; without one, output is never held back */
  constructor(gate = new Gate()) {
    this.gate = gate;
  }

  /**
   * A message of several lines becomes several entries with the same time, as in Heroku's log of a release command with
   * several lines.
   */
  write(entry: LogEntry): void {
    if (entry.line.includes('\n')) {
      for (const line of entry.line.split('\n')) this.write({ ...entry, line });
      return;
    }
    if (!isFromApp(entry) && entry.dyno !== 'router') return this.#keep(harmless(entry));
    this.#keep(entry);
  }

  #keep(entry: LogEntry): void {
    const name = historyOf(entry);
    const history = this.#histories.get(name) ?? new Queue<Kept>(LOG_LIMITS.history);
    this.#histories.set(name, history);
    history.push({ number: this.#written++, entry });
    this.#entries.emit(entry);
  }

  /**
   * The newest `count` entries, oldest first. Of each dyno 1500 are kept; Heroku keeps as many of all together:
   * https://devcenter.heroku.com/articles/logging
   * @param dyno only of this one; of a one-off dyno, of all of its type
   */
  recent(count: number, dyno?: string): readonly LogEntry[] {
    if (count === 0) return [];
    const histories =
      dyno === undefined ? [...this.#histories.values()] : [this.#histories.get(historyOf({ dyno }))];
    const kept = histories.flatMap((history) => history?.since(0) ?? []);
    // Sorted runs, which take hardly longer than a merge.
    return kept
      .sort((a, b) => a.number - b.number)
      .slice(-count)
      .map(({ entry }) => entry);
  }

  /** Calls the listener synchronously with every new entry, so it must be quick. The result unsubscribes. */
  subscribe(listener: (entry: LogEntry) => void): () => void {
    return this.#entries.subscribe(listener);
  }
}

/**
 * Platform and dynosim lines may quote clients and files, so control characters are escaped. Router lines are already.
 */
function harmless(entry: LogEntry): LogEntry {
  const line = withoutControls(entry.line);
  return line === entry.line ? entry : { ...entry, line };
}
