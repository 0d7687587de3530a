import { Emitter } from '../base/emitter.js';
import { LOG_LIMITS } from '../base/limits.js';
import { Queue } from '../base/queue.js';
import { withoutControls } from '../base/wording.js';
import { isFromApp, type LogEntry } from './entry.js';
import { Gate } from './gate.js';

/** One app's log, with any number of writers and readers. Writing never waits and never fails. */
export class LogBus {
  /** While it is held, nobody reads the dynos' output. */
  readonly gate: Gate;
  readonly #entries = new Emitter<LogEntry>();
  readonly #history = new Queue<LogEntry>(LOG_LIMITS.history);

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
    this.#history.push(entry);
    this.#entries.emit(entry);
  }

  /** The newest `count` of at most 1500 entries, oldest first. https://devcenter.heroku.com/articles/logging */
  recent(count: number): readonly LogEntry[] {
    return this.#history.since(this.#history.pushed - count);
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
