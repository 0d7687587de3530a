import { Emitter } from '../base/emitter.js';
import type { RunRequests } from '../dynos/run-plan.js';

/**
 * All requests for one app that are in the router. The router's limit, the sleeper, a stopping run and the source
 * watch all look here.
 */
export class RequestsInFlight implements RunRequests {
  // Not a Set: constant additions and removals would keep the garbage collector busy.
  readonly #all: RequestInFlight[] = [];
  readonly #changed = new Emitter();
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

  hasAnyFor(run: string): boolean {
    return this.#all.some((request) => request.run === run);
  }

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /** @param started called at the start of every request; what it returns is called at the request's end */
  observe(started: () => () => void): void {
    this.#observe = started;
  }

  /** For {@link RequestInFlight}. */
  onUpgrade(): void {
    this.#upgraded += 1;
  }

  /** For {@link RequestInFlight}. */
  onAssigned(): void {
    this.#changed.emit();
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
    this.#changed.emit();
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
  #run: string | undefined;

  constructor(ledger: RequestsInFlight, arrivedAt: number, ended: (() => void) | undefined) {
    this.#ledger = ledger;
    this.arrivedAt = arrivedAt;
    this.#ended = ended;
  }

  /** The id of the run that it was sent to. */
  get run(): string | undefined {
    return this.#run;
  }

  set run(id: string | undefined) {
    if (id === this.#run) return;
    this.#run = id;
    this.#ledger.onAssigned();
  }

  /** Marks it as a websocket or another upgraded connection, which belongs to no run any more. */
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
