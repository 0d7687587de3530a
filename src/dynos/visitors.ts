import type { Clock } from '../base/clock.js';
import { Signal } from '../base/signal.js';

/**
 * A process that gets SIGTERM closes connections that look idle to it, also those whose request it has not read yet.
 */
const READ_WITHIN_MS = 50;

/** Who asks something of a run at the moment. */
export class Visitors {
  readonly #vacated = new Signal();
  #count = 0;

  /** The result, called once, says that it is over. */
  enter(): () => void {
    this.#count += 1;
    return () => {
      this.#count -= 1;
      if (this.#count === 0) this.#vacated.emit();
    };
  }

  /** Calls back when nobody is there; but no later than when all must have been read that was sent until now. */
  onceGone(clock: Clock, callback: () => void): void {
    if (this.#count === 0) return callback();
    const done = (): void => {
      unsubscribe();
      cancel();
      callback();
    };
    const unsubscribe = this.#vacated.subscribe(done);
    const cancel = clock.after(READ_WITHIN_MS, done);
  }
}
