import type { RunRequests } from '../dynos/run-plan.js';

/**
 * All requests for one app that are in the router. The router's limit, the sleeper, a stopping run and the source
 * watch all look here.
 */
export class RequestsInFlight implements RunRequests {
  // Not a Set: constant additions and removals would keep the garbage collector busy.
  readonly #all: RequestInFlight[] = [];
  #upgraded = 0;
  #observe: (() => () => void) | undefined;

  get all(): readonly RequestInFlight[] {
    return this.#all;
  }

  /** How many have become websockets or another upgraded connection. */
  get upgraded(): number {
    return this.#upgraded;
  }

  /** @param arrivedAt real time, ms */
  enter(arrivedAt: number): RequestInFlight {
    const request = new RequestInFlight(this, arrivedAt, this.#observe?.());
    request.place = this.#all.push(request) - 1;
    return request;
  }

  of(run: string): readonly RequestInFlight[] {
    return this.#all.filter((request) => request.run === run);
  }

  /** @param started called at the start of every request; its result is called at the end of the request */
  observe(started: () => () => void): void {
    this.#observe = started;
  }

  /** For {@link RequestInFlight}. */
  onUpgrade(): void {
    this.#upgraded += 1;
  }

  /** For {@link RequestInFlight}. */
  onLeave({ place, isUpgraded }: RequestInFlight): void {
    const last = this.#all.pop();
    if (last === undefined) return;
    if (place < this.#all.length) {
      this.#all[place] = last;
      last.place = place;
    }
    if (isUpgraded) this.#upgraded -= 1;
  }
}

/** One request, while it is in the router. */
export class RequestInFlight {
  /** Real time, ms. */
  readonly arrivedAt: number;
  readonly #ledger: RequestsInFlight;
  readonly #ended: (() => void) | undefined;
  /** For {@link RequestsInFlight}: its index there. */
  place = 0;
  isUpgraded = false;
  /** The ID of the run that it is on its way to. */
  run: string | undefined;
  /** The run has been sent its head. */
  isSent = false;

  constructor(ledger: RequestsInFlight, arrivedAt: number, ended: (() => void) | undefined) {
    this.#ledger = ledger;
    this.arrivedAt = arrivedAt;
    this.#ended = ended;
  }

  /** Marks it as a websocket or another upgraded connection, which no longer belongs to a run. */
  upgrade(): void {
    this.isUpgraded = true;
    this.#ledger.onUpgrade();
    this.run = undefined;
  }

  /** Call this once. */
  leave(): void {
    this.#ledger.onLeave(this);
    this.#ended?.();
  }
}
