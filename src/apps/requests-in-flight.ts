import { Emitter } from '../base/emitter.js';
import type { RunRequests } from '../dynos/run-plan.js';

/**
 * The ledger of the requests for one app that are in the router. All who need to know of them ask here: the router for
 * its limit, the sleeper, a run that is told to stop, and the watch of the sources.
 */
export class RequestsInFlight implements RunRequests {
  // Not a Set: one whose members come and go all the time keeps the garbage collector busy.
  readonly #all: RequestInFlight[] = [];
  readonly #changed = new Emitter();
  #upgraded = 0;
  #observe: (() => () => void) | undefined;

  get all(): readonly RequestInFlight[] {
    return this.#all;
  }

  /** How many of them have become websockets or the like. */
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

  /** For {@link RequestInFlight}: it is on its way to another run, or to none. */
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

/** One request in the router, as long as it is there. */
export class RequestInFlight {
  /** Real time, ms. */
  readonly arrivedAt: number;
  readonly #ledger: RequestsInFlight;
  readonly #ended: (() => void) | undefined;
  /** For {@link RequestsInFlight}: where it stands there. */
  place = 0;
  isUpgraded = false;
  #run: string | undefined;

  constructor(ledger: RequestsInFlight, arrivedAt: number, ended: (() => void) | undefined) {
    this.#ledger = ledger;
    this.arrivedAt = arrivedAt;
    this.#ended = ended;
  }

  /** The id of the run to which it is on its way. */
  get run(): string | undefined {
    return this.#run;
  }

  set run(id: string | undefined) {
    if (id === this.#run) return;
    this.#run = id;
    this.#ledger.onAssigned();
  }

  /** It has become a websocket or the like, and is on its way no more. */
  upgrade(): void {
    this.isUpgraded = true;
    this.#ledger.onUpgrade();
    this.run = undefined;
  }

  /** To be called once. */
  leave(): void {
    this.#ledger.onLeave(this);
    this.#ended?.();
  }
}
