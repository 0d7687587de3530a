import type { Clock } from '../base/clock.js';
import type { Backend } from './backends.js';
import type { ConnectFailure } from './dyno/pool.js';
import { CHECKOUT_LIMITS } from './limits.js';

/** Why a dyno did not accept a connection. */
export interface BackendFailure extends ConnectFailure {
  readonly backend: Backend;
}

export interface Quarantined {
  until: number;
  readonly since: number;
  readonly failure: BackendFailure;
}

/**
 * The dynos of one app that did not accept a connection when last tried. Each gets no request for a while; then one
 * request tries it again. The first connection that the dyno accepts ends its quarantine.
 */
export class Quarantine {
  readonly #clock: Clock;
  readonly #byRun = new Map<string, Quarantined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The dynos that may be tried now. */
  free(backends: readonly Backend[]): readonly Backend[] {
    if (this.#byRun.size === 0) return backends;
    const now = this.#clock.now();
    return backends.filter(({ id }) => (this.#byRun.get(id)?.until ?? now) <= now);
  }

  /** The dyno that may be tried soonest. */
  next(): Quarantined | undefined {
    let next: Quarantined | undefined;
    for (const entry of this.#byRun.values())
      if (next === undefined || entry.until < next.until) next = entry;
    return next;
  }

  /** A request is trying this dyno: if it is in quarantine, no other request tries it for now. */
  tried({ id }: Backend): void {
    const entry = this.#byRun.get(id);
    if (entry !== undefined)
      entry.until = this.#clock.now() + CHECKOUT_LIMITS.quarantineMs[entry.failure.kind];
  }

  failed(failure: BackendFailure): void {
    const { id } = failure.backend;
    const now = this.#clock.now();
    const until = now + CHECKOUT_LIMITS.quarantineMs[failure.kind];
    this.#byRun.set(id, { until, since: this.#byRun.get(id)?.since ?? now, failure });
  }

  /** @returns whether this ends a quarantine */
  accepted({ id }: Backend): boolean {
    return this.#byRun.delete(id);
  }

  /** Forgets runs that have ended: all but these. */
  keepOnly(backends: readonly Backend[]): void {
    for (const id of this.#byRun.keys())
      if (!backends.some((backend) => backend.id === id)) this.#byRun.delete(id);
  }
}
