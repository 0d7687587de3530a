import { LOG_DRAIN_LIMITS } from '../../base/limits.js';
import type { LogEntry } from '../entry.js';

/** Messages on their way to a drain: when it is full, the oldest makes room for the newest. */
export class MessageBuffer {
  readonly #capacity = LOG_DRAIN_LIMITS.bufferedMessages;
  /** A ring: message number `n` is at `n % capacity`. */
  readonly #ring: (LogEntry | undefined)[] = [];
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === this.#capacity;
  }

  /** @returns whether a message had to be dropped for it */
  push(entry: LogEntry): boolean {
    const { isFull } = this;
    if (isFull) this.shift();
    this.#ring[(this.#first + this.#size) % this.#capacity] = entry;
    this.#size += 1;
    return isFull;
  }

  /** The oldest message, which stays. */
  peek(): LogEntry | undefined {
    return this.#ring[this.#first];
  }

  /** Takes the oldest message. */
  shift(): LogEntry | undefined {
    const entry = this.peek();
    if (!entry) return undefined;
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#size -= 1;
    return entry;
  }
}
