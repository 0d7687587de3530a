import type { Time } from '../base/clock.js';
import type { DynoLog } from '../dynos/run-plan.js';
import type { LogBus } from '../logs/bus.js';
import { createDynoLog } from './dyno-log.js';

/** Whom the log names as having done what the API did. */
export const USER = 'you@example.com';

/** What is said about one app in its log. */
export class AppLog {
  readonly #bus: LogBus;
  readonly #time: Time;

  constructor(bus: LogBus, time: Time) {
    this.#bus = bus;
    this.#time = time;
  }

  /** Something the API did: `Release v2 created by user you@example.com`. */
  api(what: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'app', dyno: 'api', line: `${what} by user ${USER}` });
  }

  /** A line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'dynosim', dyno: 'api', line });
  }

  /** Calls the listener with every line that a dyno prints from now on. The result unsubscribes. */
  onOutput(dyno: string, listener: (line: string) => void): () => void {
    return this.#bus.subscribe((entry) => {
      if (entry.dyno === dyno && entry.source === 'app') listener(entry.line);
    });
  }

  /** Where the lines of a dyno go. */
  ofDyno(dyno: string): DynoLog {
    return createDynoLog(dyno, this.#bus, this.#time.real, this.#time.wall);
  }
}
