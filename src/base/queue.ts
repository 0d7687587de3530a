import { Emitter } from './emitter.js';

/** What a queue had no room for. */
export interface Loss<T> {
  readonly count: number;
  /** The oldest of it. */
  readonly first: T;
}

/**
 * Items on their way to a reader who may be slow, or the latest of a history: when it is full, the oldest makes room
 * for the newest, and it counts what is lost.
 */
export class Queue<T> {
  readonly #capacity: number;
  /** A ring, which begins anew whenever it is empty. */
  #ring: T[] = [];
  /** The number of the item at the ring's first place, of the oldest item, and of the next one. */
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

  /** How many items were ever pushed. */
  get pushed(): number {
    return this.#next;
  }

  /** @returns whether the oldest item had to be dropped for it */
  push(item: T): boolean {
    const { isFull } = this;
    if (isFull) this.#drop();
    this.#ring[this.#placeOf(this.#next)] = item;
    this.#next += 1;
    this.#changed.emit();
    return isFull;
  }

  /** The oldest item, which stays. */
  peek(): T | undefined {
    return this.size === 0 ? undefined : this.#ring[this.#placeOf(this.#first)];
  }

  /** Takes the oldest item. */
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

  /** What was dropped since this was last asked. */
  takeLoss(): Loss<T> | undefined {
    const loss = this.#loss;
    this.#loss = undefined;
    return loss;
  }

  /** The items from number `n` on, which stay: the first one ever pushed has the number 0. */
  since(n: number): readonly T[] {
    const from = Math.max(n, this.#first);
    if (from >= this.#next) return [];
    const [start, end] = [this.#placeOf(from), this.#placeOf(this.#next)];
    return start < end
      ? this.#ring.slice(start, end)
      : [...this.#ring.slice(start), ...this.#ring.slice(0, end)];
  }

  /** No more comes: what there is can still be read. */
  end(): void {
    this.#isEnded = true;
    this.#changed.emit();
  }

  /** Takes all items as they come, until the queue has ended or somebody has had enough. */
  async *batches(...enough: readonly AbortSignal[]): AsyncGenerator<readonly T[]> {
    while (!enough.some(({ aborted }) => aborted)) {
      if (this.size > 0) yield this.takeAll();
      else if (this.#isEnded) return;
      else await this.#changed.next(...enough);
    }
  }

  #placeOf(n: number): number {
    return (n - this.#start) % this.#capacity;
  }

  /** What was taken is not kept until something else takes its place. */
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
