import { constants } from 'node:os';
import { type Clock, systemClock } from '../../base/clock.js';
import { SAME_CTRL_C_MS } from '../start/stop-signals.js';

export type TestSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The signals to a `dynosim test`. What they do changes as the test goes on. */
export class Signals {
  /** Resolves with the status that the first signal asks for, if it comes before `handle` is called. */
  readonly interrupted: Promise<number>;
  #handle: (signal: TestSignal) => void = () => {};

  /** @param clock real time */
  constructor(clock: Clock = systemClock) {
    this.interrupted = new Promise((resolve) => {
      this.#handle = (signal) => resolve(128 + constants.signals[signal]);
    });
    let interruptedAt = Number.NEGATIVE_INFINITY;
    const interrupt = (): void => {
      const isSame = clock.now() - interruptedAt < SAME_CTRL_C_MS;
      interruptedAt = clock.now();
      if (!isSame) this.#handle('SIGINT');
    };
    process
      .on('SIGINT', interrupt)
      .on('SIGTERM', () => this.#handle('SIGTERM'))
      .on('SIGHUP', () => this.#handle('SIGHUP'));
  }

  /** Handles all further signals. */
  handle(handler: (signal: TestSignal) => void): void {
    this.#handle = handler;
  }
}
