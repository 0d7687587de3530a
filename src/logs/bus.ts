import { Emitter } from '../base/emitter.js';
import { LOG_LIMITS } from '../base/limits.js';
import { Queue } from '../base/queue.js';
import { withoutControls } from '../base/wording.js';
import { isFromApp, type LogEntry } from './entry.js';
import { Gate } from './gate.js';

/** One app's log: everybody writes to it, everybody may read from it. Writing never waits and never fails. */
export class LogBus {
  /** Readers of a dyno's output stop reading while this is held. */
  readonly gate: Gate;
  readonly #entries = new Emitter<LogEntry>();
  readonly #history = new Queue<LogEntry>(LOG_LIMITS.history);

  /** @param gate that of the output which must not lose a line; without one nothing is ever held back */
  constructor(gate = new Gate()) {
    this.gate = gate;
  }

  /**
   * A message of several lines becomes several entries of one time, as in real logs of a release phase with a
   * command of several lines.
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

  /** The newest `count` of the 1500 entries that are kept, oldest first. https://devcenter.heroku.com/articles/logging */
  recent(count: number): readonly LogEntry[] {
    return this.#history.since(this.#history.pushed - count);
  }

  /** Calls the listener with every entry from now on, at once: it must be quick. The result unsubscribes. */
  subscribe(listener: (entry: LogEntry) => void): () => void {
    return this.#entries.subscribe(listener);
  }
}

/** Platform and dynosim repeat what clients and files say. The router's lines are encoded where they are made. */
function harmless(entry: LogEntry): LogEntry {
  const line = withoutControls(entry.line);
  return line === entry.line ? entry : { ...entry, line };
}
