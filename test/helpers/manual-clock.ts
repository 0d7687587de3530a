import type { Cancel, Clock } from '../../src/base/clock.js';

interface Timer {
  due: number;
  task: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): Cancel {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const timer = { due: this.#now + ms, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are armed. A test ends with none, or something was left running. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Time passes in which this process is stopped: what falls due meanwhile fires with the next `advance`, late. */
  stop(ms: number): void {
    this.#now += ms;
  }

  /** Moves time forward, firing what falls due in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > target) break;
      this.#now = Math.max(this.#now, next.due);
      this.#timers.delete(next);
      next.task();
    }
    this.#now = target;
    await settle();
  }
}

/** Lets every promise that can move now do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
