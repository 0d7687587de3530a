import { Emitter } from './emitter.js';

/** Items that a queue has dropped. */
export interface Loss<T> {
  readonly count: number;
  /** The oldest one. */
  readonly first: T;
}

/**
 * A bounded queue for a slow reader, or for a history. When it is full, it drops the oldest item for a new one, and
 * counts what it drops.
 */
export class Queue<T> {
  readonly #capacity: number;
  /** A ring buffer, recreated whenever the queue is empty. */
  #ring: T[] = [];
  /** The numbers of the item at index 0 of the ring, of the oldest item, and of the next one. */
  #start = 0;
  #first = 0;
  #next = 0;
  #loss: Loss<T> | undefined;
  #isEnded = false;
  readonly #changed = new Emitter();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#next - this.#first;
  }

  get isFull(): boolean {
    return this.size === this.#capacity;
  }

  /** The number of items ever pushed. */
  get pushed(): number {
    return this.#next;
  }

  /** @returns whether the oldest item was dropped */
  push(item: T): boolean {
    const { isFull } = this;
    if (isFull) this.#drop();
    this.#ring[this.#placeOf(this.#next)] = item;
    this.#next += 1;
    this.#changed.emit();
    return isFull;
  }

  /** Returns the oldest item without removing it. */
  peek(): T | undefined {
    return this.size === 0 ? undefined : this.#ring[this.#placeOf(this.#first)];
  }

  shift(): T | undefined {
    const item = this.peek();
    if (this.size > 0) this.#first += 1;
    if (this.size === 0) this.#clear();
    return item;
  }

  /** Takes all items. */
  takeAll(): readonly T[] {
    const items = this.since(this.#first);
    this.#clear();
    return items;
  }

  /** Returns what was dropped since the last call. */
  takeLoss(): Loss<T> | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }

  /** Returns the items from number `n` on without removing them. The first item ever pushed has the number 0. */
  since(n: number): readonly T[] {
    const from = Math.max(n, this.#first);
    if (from >= this.#next) return [];
    const [start, end] = [this.#placeOf(from), this.#placeOf(this.#next)];
    return start < end
      ? this.#ring.slice(start, end)
      : [...this.#ring.slice(start), ...this.#ring.slice(0, end)];
  }

  /** Marks the end. Remaining items can still be read. */
  end(): void {
    this.#isEnded = true;
    this.#changed.emit();
  }

  /** Yields items as they arrive, until the queue ends or a signal is aborted. */
  async *batches(...signals: readonly AbortSignal[]): AsyncGenerator<readonly T[]> {
    while (!signals.some(({ aborted }) => aborted)) {
      if (this.size > 0) yield this.takeAll();
      else if (this.#isEnded) return;
      else await this.#changed.next(...signals);
    }
  }

  #placeOf(n: number): number {
    return (n - this.#start) % this.#capacity;
  }

  /** Releases the memory of taken items at once. */
  #clear(): void {
    this.#ring = [];
    this.#start = this.#next;
    this.#first = this.#next;
  }

  #drop(): void {
    const oldest = this.peek();
    if (oldest === undefined) return;
    this.#first += 1;
    this.#loss = { count: (this.#loss?.count ?? 0) + 1, first: this.#loss?.first ?? oldest };
  }
}
