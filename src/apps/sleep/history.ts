import { Queue } from '../../base/queue.js';
import type { SleepView } from './views.js';

/** An app's change to another state of sleep. */
export interface SleepChange {
  readonly state: SleepView['state'];
  /** Wall-clock ms. */
  readonly at: number;
  /** The date in platform time, ms. */
  readonly platformAt: number;
}

/** How many changes to keep: of a week, if an app sleeps and wakes, three changes, seven times an hour. */
const KEPT = 4000;

/** When an app slept and when it was awake. */
export class SleepHistory {
  readonly #changes = new Queue<SleepChange>(KEPT);
  #latest: SleepChange;

  /** @param first the state at the start */
  constructor(first: SleepChange) {
    this.#latest = first;
    this.#changes.push(first);
  }

  /** Oldest first. */
  get list(): readonly SleepChange[] {
    return this.#changes.since(0);
  }

  get latest(): SleepChange {
    return this.#latest;
  }

  /** Begins anew with the present state. */
  clear(): void {
    this.#changes.takeAll();
    this.#changes.push(this.#latest);
  }

  add(change: SleepChange): void {
    this.#latest = change;
    this.#changes.push(change);
  }
}
