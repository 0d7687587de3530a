import type { Time } from '../base/clock.js';
import type { DynoLog } from '../dynos/run-plan.js';
import type { LogBus } from '../logs/bus.js';
import { LineSplitter } from '../logs/lines.js';

/** The user that the log names for every change made through the API. */
export const USER = 'you@example.com';

/** Writes to one app's log. */
export class AppLog {
  readonly #bus: LogBus;
  readonly #time: Time;
  /** Dynos whose routine lines are details. */
  readonly #summedUp = new Set<ReadonlySet<string>>();

  constructor(bus: LogBus, time: Time) {
    this.#bus = bus;
    this.#time = time;
  }

  /** Logs an action of the API: `Release v2 created by user you@example.com`. */
  api(what: string, user = USER): void {
    this.platform(`${what} by user ${user}`);
  }

  /** Logs a line of the platform about the app as a whole: `Build succeeded`. */
  platform(line: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'app', dyno: 'api', line });
  }

  /** Logs a line of a server that belongs to an add-on of the app: `app[postgres.1]: …`. */
  server(process: string, line: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'app', dyno: process, line });
  }

  /** Logs a line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'dynosim', dyno: 'api', line });
  }

  /** Logs a line of dynosim's own that a later one will sum up. */
  detail(line: string): void {
    this.#bus.write({ at: this.#time.wall(), source: 'dynosim', dyno: 'api', line, isDetail: true });
  }

  /** Marks the routine lines of these dynos as details until the result is called. The set may shrink meanwhile. */
  sumUp(dynos: ReadonlySet<string>): () => void {
    this.#summedUp.add(dynos);
    return () => void this.#summedUp.delete(dynos);
  }

  #isSummedUp(dyno: string): boolean {
    return [...this.#summedUp].some((dynos) => dynos.has(dyno));
  }

  /** Calls the listener with every line that a dyno prints from now on. The result unsubscribes. */
  onOutput(dyno: string, listener: (line: string) => void): () => void {
    return this.#bus.subscribe((entry) => {
      if (entry.dyno === dyno && entry.source === 'app') listener(entry.line);
    });
  }

  /** Logs a dyno's output, and lines about the dyno. */
  ofDyno(dyno: string): DynoLog {
    const bus = this.#bus;
    const { real, wall } = this.#time;
    return {
      say: (source, line, kind) => {
        const isDetail = kind === 'routine' && this.#isSummedUp(dyno);
        bus.write({ at: wall(), source, dyno, line, ...(isDetail && { isDetail }) });
      },
      read(output) {
        const splitter = new LineSplitter({
          clock: real,
          gate: bus.gate,
          onLines(lines, part) {
            const at = wall();
            for (const line of lines) bus.write({ at, source: 'app', dyno, line, part });
          },
        });
        const subscription = output.subscribe({
          onData: (chunk) => splitter.push(chunk),
          onEnd() {
            unsubscribe();
            splitter.end();
          },
        });
        // While the log takes no more, the dyno waits in its own writes.
        const apply = (isHeld: boolean): void => (isHeld ? subscription.hold() : subscription.release());
        const unsubscribe = bus.gate.subscribe(apply);
        apply(bus.gate.isHeld);
      },
    };
  }
}
