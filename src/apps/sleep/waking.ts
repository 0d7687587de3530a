import type { WakeCause } from '../../router/backends.js';
import type { Wake } from './wakes.js';

/** Measures a wake in progress, and how long requests wait for it. */
export class Waking {
  readonly #wake: { -readonly [Key in keyof Wake]: Wake[Key] };
  readonly #startedAt: number;

  /**
   * @param cause undefined if a user woke the app by hand
   * @param startedAt real time
   */
  constructor(
    cause: WakeCause | undefined,
    { startedAt, ...begun }: Pick<Wake, 'at' | 'platformAt' | 'sleptMs'> & { readonly startedAt: number },
  ) {
    this.#startedAt = startedAt;
    this.#wake = {
      ...begun,
      cause,
      delayMs: undefined,
      bootMs: undefined,
      firstByteMs: undefined,
      held: 0,
      longestWaitMs: 0,
    };
  }

  /** Counts a request that waited until the end of the wake, or until its client left. */
  waited(ms: number): void {
    this.#wake.held += 1;
    this.#wake.longestWaitMs = Math.max(this.#wake.longestWaitMs, ms);
  }

  /** Records when the request that woke the app got its first byte, counted from its arrival; undefined: never. */
  answered(firstByteMs: number | undefined): void {
    this.#wake.firstByteMs = firstByteMs;
  }

  /**
   * Ends the wake: a web dyno is up, or has crashed.
   * @param now real time
   * @param bootMs from the start of the dyno's process; undefined if it crashed
   */
  end(now: number, bootMs: number | undefined): Wake {
    if (bootMs !== undefined) {
      this.#wake.bootMs = bootMs;
      this.#wake.delayMs = Math.max(0, now - this.#startedAt - bootMs);
    }
    return this.#wake;
  }
}
