import type { Cancel, Clock, Time } from '../base/clock.js';

/** How often the date is compared with the timer, which stands still while the machine sleeps: real ms. */
const LOOK_AGAIN_MS = 60_000;

/** How long `clock:advance` waits for a run to end before time moves on: real ms. */
const PATIENCE_MS = 10_000;

export interface TimetableOptions<Item> {
  readonly time: Time;
  /** All items, as they are now. */
  items(): readonly Item[];
  /**
   * When an item is due next.
   * @param now a date in ms since 1970, in platform time
   * @returns the first date after it
   */
  nextDue(item: Item, now: number): number;
  /** Runs an item. @returns resolves at the end of the run; undefined if there is none */
  run(item: Item): Promise<unknown> | undefined;
}

/** Runs items when they are due, on platform time. While there are none it has no timer. */
export class Timetable<Item extends { readonly id: string }> {
  readonly #options: TimetableOptions<Item>;
  /** By the ID of the item. */
  readonly #due = new Map<string, number>();
  /** Each resolves when a run has ended, or has taken longer than `clock:advance` waits. */
  readonly #settling = new Set<Promise<void>>();
  #disarm: Cancel = () => {};
  #isClosed = false;

  constructor(options: TimetableOptions<Item>) {
    this.#options = options;
  }

  /** When an item is due next, in platform time. */
  nextOf(item: Item): number {
    return this.#due.get(item.id) ?? this.#options.nextDue(item, this.#date());
  }

  /**
   * To be called after every change of the items. Those that were due before the start of dynosim are not made up for.
   */
  review(): void {
    if (this.#isClosed) return;
    const now = this.#date();
    const items = this.#options.items();
    for (const id of this.#due.keys()) if (!items.some((item) => item.id === id)) this.#due.delete(id);
    for (const item of items)
      if (!this.#due.has(item.id)) this.#due.set(item.id, this.#options.nextDue(item, now));
    this.#arm();
  }

  /** Resolves when every run that began a moment ago has ended. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling);
  }

  close(): void {
    this.#isClosed = true;
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    if (this.#due.size === 0) return;
    const { platform, real } = this.#options.time;
    const soonest = Math.min(...this.#due.values());
    const cancels = [
      platform.after(Math.max(0, soonest - this.#date()), () => this.#runDue()),
      real.after(LOOK_AGAIN_MS, () => this.#runDue()),
    ];
    this.#disarm = () => {
      for (const cancel of cancels) cancel();
    };
  }

  #runDue(): void {
    const { time, items, nextDue, run } = this.#options;
    const now = this.#date();
    for (const item of items()) {
      if ((this.#due.get(item.id) ?? Number.POSITIVE_INFINITY) > now) continue;
      this.#due.set(item.id, nextDue(item, now));
      const ended = run(item);
      if (!ended) continue;
      const settling = orAfter(ended, time.real, PATIENCE_MS).finally(() => this.#settling.delete(settling));
      this.#settling.add(settling);
    }
    this.#arm();
  }

  /** In platform time. */
  #date(): number {
    const { platform, wall } = this.#options.time;
    return wall() + platform.aheadMs;
  }
}

/** Resolves when something has ended, or some time later. */
function orAfter(ended: Promise<unknown>, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    void ended.then(() => {
      cancel();
      resolve();
    });
  });
}
