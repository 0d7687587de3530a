import type { HostEvent } from '../../api/control.js';
import type { Cancel, Clock } from '../../base/clock.js';
import { Queue } from '../../base/queue.js';

/** What a reader's queue holds: an event, or events that are made when the reader has time for them. */
export type Item = HostEvent | (() => readonly HostEvent[]);

/** Puts it into a reader's queue. */
export type Push = (item: Item) => void;

/** How often a feed gives its reader something: real time. */
const PACE_MS = 100;

export interface FeedOptions<T> {
  /** Real time. */
  readonly clock: Clock;
  /** How many items may wait. When it is full, the oldest are dropped. */
  readonly capacity: number;
  /** How many items a reader gets at once, ten times a second. */
  readonly atOnce: number;
  readonly push: Push;
  /** @param skipped how many items before these were dropped */
  toEvents(items: readonly T[], skipped: number): readonly HostEvent[];
}

/** Gives a reader items that may come faster than it can read: the latest ones, and how many were dropped before them. */
export class Feed<T> {
  readonly #options: FeedOptions<T>;
  readonly #backlog: Queue<T>;
  #isOffered = false;
  #isClosed = false;
  #cancel: Cancel = () => {};

  constructor(options: FeedOptions<T>) {
    this.#options = options;
    this.#backlog = new Queue(options.capacity);
  }

  push(item: T): void {
    this.#backlog.push(item);
    this.#offerSoon();
  }

  /** What waits is not offered any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  /** Does nothing until the reader has taken what was offered before. */
  #offerSoon(): void {
    if (this.#isOffered || this.#isClosed) return;
    this.#isOffered = true;
    const { clock, push } = this.#options;
    this.#cancel = clock.after(PACE_MS, () => push(() => this.#take()));
  }

  #take(): readonly HostEvent[] {
    this.#isOffered = false;
    const skipped = this.#backlog.takeLoss()?.count ?? 0;
    const items: T[] = [];
    for (let item = this.#backlog.peek(); item !== undefined; item = this.#backlog.peek()) {
      if (items.length === this.#options.atOnce) break;
      items.push(item);
      this.#backlog.shift();
    }
    if (this.#backlog.size > 0) this.#offerSoon();
    return this.#options.toEvents(items, skipped);
  }
}
