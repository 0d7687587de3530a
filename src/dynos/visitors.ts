import type { Clock } from '../base/clock.js';
import { Emitter } from '../base/emitter.js';

/** How soon what the system tells is looked at again. */
const LOOK_AGAIN_MS = 5;
/** A process that reads nothing for so long will not read it before it is told to stop. */
const READ_WITHIN_MS = 1000;
/** The same where the system does not tell. */
const READ_UNSEEN_MS = 50;

/** Who asks something of a run at the moment. */
export class Visitors {
  readonly #vacated = new Emitter();
  #count = 0;

  /** The result, called once, says that it is over. */
  enter(): () => void {
    this.#count += 1;
    return () => {
      this.#count -= 1;
      if (this.#count === 0) this.#vacated.emit();
    };
  }

  /**
   * Calls back when nobody is there whom the process has not heard: one that gets SIGTERM closes connections that
   * look idle to it, also those whose request it has not read yet. One that does not listen is not waited for.
   * @param hasUnread whether something was sent to the process that it has not read; undefined: nobody knows
   */
  onceHeard(clock: Clock, hasUnread: () => boolean | undefined, callback: () => void): void {
    if (this.#count === 0) return callback();
    const lastMoment = clock.now() + READ_WITHIN_MS;
    let cancel = (): void => {};
    const done = (): void => {
      unsubscribe();
      cancel();
      callback();
    };
    const unsubscribe = this.#vacated.subscribe(done);
    const look = (): void => {
      const isUnread = hasUnread();
      if (isUnread === undefined) cancel = clock.after(READ_UNSEEN_MS, done);
      else if (isUnread && clock.now() < lastMoment) cancel = clock.after(LOOK_AGAIN_MS, look);
      else done();
    };
    look();
  }
}
