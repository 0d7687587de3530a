import { Backlog } from './backlog.js';
import type { LogEntry } from './entry.js';

/**
 * Reads a bus at the reader's own pace. A reader that is too slow loses the oldest entries and reads how many
 * (`Error L11`); it never holds anybody up.
 */
export class Follower implements AsyncIterable<LogEntry> {
  readonly #backlog = new Backlog();
  readonly #signal: AbortSignal;
  readonly #end: AbortSignal | undefined;
  readonly #unsubscribe: () => void;
  #wake: () => void = () => {};

  /**
   * @param signal stops it at once
   * @param end nothing more is written from then on: it reads what there is, and is done
   */
  constructor(
    subscribe: (listener: (entry: LogEntry) => void) => () => void,
    signal: AbortSignal,
    end?: AbortSignal,
  ) {
    this.#signal = signal;
    this.#end = end;
    this.#unsubscribe = subscribe((entry) => {
      this.#backlog.push(entry);
      this.#wake();
    });
    signal.addEventListener('abort', this.#stop);
    end?.addEventListener('abort', this.#look);
    if (signal.aborted) this.#stop();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogEntry> {
    try {
      while (!this.#signal.aborted) {
        const entries = this.#backlog.take();
        if (entries.length === 0 && this.#end?.aborted) return;
        if (entries.length === 0) await this.#somethingNew();
        for (const entry of entries) {
          if (this.#signal.aborted) return;
          yield entry;
        }
      }
    } finally {
      this.#stop();
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  readonly #look = (): void => this.#wake();

  readonly #stop = (): void => {
    this.#unsubscribe();
    this.#signal.removeEventListener('abort', this.#stop);
    this.#end?.removeEventListener('abort', this.#look);
    this.#wake();
  };
}
