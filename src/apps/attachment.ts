import type { Readable } from 'node:stream';
import type { Cancel, Clock } from '../base/clock.js';
import type { OneOff } from '../dynos/one-off.js';
import { runtimeError } from '../dynos/runtime-errors.js';
import { losslessStream } from '../dynos/tee.js';

/** How long a dyno waits for its client to attach (R13). https://devcenter.heroku.com/articles/error-codes */
const ATTACH_WITHIN_MS = 30_000;

/**
 * A one-off dyno whose output goes to a client instead of the log. It starts when the client attaches.
 */
export class Attachment {
  readonly oneOff: OneOff;
  /** The dyno's whole output. The dyno blocks while this is not read. */
  readonly output: Readable;
  readonly #cancelWait: Cancel;
  #isAttached = false;

  constructor(oneOff: OneOff, clock: Clock) {
    this.oneOff = oneOff;
    this.output = losslessStream(oneOff.run.io.output);
    oneOff.log.say('heroku', 'Awaiting client');
    this.#cancelWait = clock.after(ATTACH_WITHIN_MS, () => {
      oneOff.log.say('heroku', runtimeError('R13'));
      oneOff.stop();
    });
  }

  /** Starts the dyno. Returns false if another client already did. */
  attach(): boolean {
    if (this.#isAttached) return false;
    this.#isAttached = true;
    this.#cancelWait();
    this.oneOff.start();
    return true;
  }
}
