import type { WakeCause } from '../../router/backends.js';
import type { Wake } from './wakes.js';

/** A wake under way: what it takes, and how long requests wait for it. */
export class Waking {
  readonly #wake: { -readonly [Key in keyof Wake]: Wake[Key] };
  readonly #startedAt: number;

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

  /** A request has waited so long: the wake is over, or it left before. */
  waited(ms: number): void {
    this.#wake.held += 1;
    this.#wake.longestWaitMs = Math.max(this.#wake.longestWaitMs, ms);
  }

  /** The request that woke it got the first byte of an answer so long after it arrived; undefined: it got none. */
  answered(firstByteMs: number | undefined): void {
    this.#wake.firstByteMs = firstByteMs;
  }

  /**
   * A web dyno is up, or has crashed.
   * @param now real time
   * @param bootMs what it took from the start of its process; undefined: it crashed
   */
  end(now: number, bootMs: number | undefined): Wake {
    if (bootMs !== undefined) {
      this.#wake.bootMs = bootMs;
      this.#wake.delayMs = Math.max(0, now - this.#startedAt - bootMs);
    }
    return this.#wake;
  }
}
