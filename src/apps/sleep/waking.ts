import type { WakeCause } from '../../router/backends.js';
import type { Wake } from './wakes.js';

/** An app that wakes, and who waits for it. */
export class Waking {
  readonly #wake: { -readonly [Key in keyof Wake]: Wake[Key] };
  readonly #startedAt: number;
  /** When those who wait arrived, real time. */
  readonly #waiting = new Set<{ readonly arrivedAt: number }>();

  /**
   * @param cause undefined: somebody did it by hand
   * @param startedAt real time
   */
  constructor(
    cause: WakeCause | undefined,
    { at, startedAt, sleptMs }: { readonly at: number; readonly startedAt: number; readonly sleptMs: number },
  ) {
    this.#startedAt = startedAt;
    this.#wake = {
      at,
      cause,
      sleptMs,
      delayMs: undefined,
      bootMs: undefined,
      firstByteMs: undefined,
      held: 0,
      longestWaitMs: 0,
    };
  }

  /** A request waits. The result, called once with the real time, says that it does so no more. */
  enter(arrivedAt: number): (now: number) => void {
    const one = { arrivedAt };
    this.#waiting.add(one);
    this.#wake.held += 1;
    return (now) => {
      if (this.#waiting.delete(one)) this.#waited(now - arrivedAt);
    };
  }

  /** Whoever woke it has got the first byte of an answer, so long after he asked; or never will. */
  answered(firstByteMs: number | undefined): void {
    this.#wake.firstByteMs = firstByteMs;
  }

  /**
   * A web dyno is up, or has crashed.
   * @param now real time
   * @param bootMs what it took from the start of its process; undefined: it crashed
   */
  end(now: number, bootMs: number | undefined): Wake {
    for (const { arrivedAt } of this.#waiting) this.#waited(now - arrivedAt);
    this.#waiting.clear();
    if (bootMs !== undefined) {
      this.#wake.bootMs = bootMs;
      this.#wake.delayMs = Math.max(0, now - this.#startedAt - bootMs);
    }
    return this.#wake;
  }

  #waited(ms: number): void {
    this.#wake.longestWaitMs = Math.max(this.#wake.longestWaitMs, ms);
  }
}
