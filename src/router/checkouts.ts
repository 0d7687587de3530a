import type { Time } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import type { Backends } from './backends.js';
import { Checkout } from './checkout.js';
import type { Deadlines } from './deadlines.js';
import { Llhttp } from './dyno/llhttp.js';
import { ConnectionPool } from './dyno/pool.js';

export interface CheckoutsOptions {
  readonly time: Pick<Time, 'real'>;
  readonly deadlines: Deadlines;
  readonly timeouts: RealTimeouts;
  /** False: a new connection to the dyno for each request, like the legacy router. */
  readonly dynoKeepAlive: boolean;
  /** Default: `Math.random`. */
  readonly random?: () => number;
}

/** Each app's checkout, created for its first request. */
export class Checkouts {
  readonly #options: CheckoutsOptions;
  readonly #byApp = new Map<Backends, Checkout>();
  #llhttp: Llhttp | undefined;

  constructor(options: CheckoutsOptions) {
    this.#options = options;
  }

  /** @param remark writes to the app's log */
  of(backends: Backends, remark: (line: string) => void): Checkout {
    const known = this.#byApp.get(backends);
    if (known !== undefined) return known;
    const { time, deadlines, timeouts, dynoKeepAlive, random = Math.random } = this.#options;
    const common = { clock: time.real, deadlines };
    const pool = new ConnectionPool({
      ...common,
      llhttp: () => {
        this.#llhttp ??= new Llhttp();
        return this.#llhttp;
      },
      connectMs: timeouts.connect,
      keepAliveMs: dynoKeepAlive ? timeouts.dynoKeepAlive : 0,
    });
    const checkout = new Checkout({ ...common, backends, pool, timeouts, random, remark });
    this.#byApp.set(backends, checkout);
    return checkout;
  }

  /** Closes the checkout of a removed app. */
  forget(backends: Backends): void {
    this.#byApp.get(backends)?.close();
    this.#byApp.delete(backends);
  }

  close(): void {
    for (const checkout of this.#byApp.values()) checkout.close();
  }
}
