/** What takes longer, a sleeping process hears of soon enough, ms. */
const SOON_MS = 0.2;

/** A turn of the event loop in which nothing happens takes about a microsecond. */
const TURNS = 200;

/**
 * Waits awake for what is likely to come at once. A process that sleeps until the next event is woken by the system,
 * which takes a multiple of the time a fast dyno needs for its answer, in a virtual machine above all. So the event
 * loop goes round for a moment without sleeping, but only if this kind of event came soon the last time: who waits
 * for a slow dyno, sleeps. The method is known from HAProxy (`busy-polling`) and KVM (`halt_poll_ns`).
 */
export class BusyPoll {
  readonly #isWorthwhile: () => boolean;
  readonly #nextTurn: (task: () => void) => void;
  #wasSoon = false;
  #turns = 0;
  #isPolling = false;

  /**
   * @param isWorthwhile asked each time; no if other work keeps the loop going anyway
   * @param nextTurn runs a task in the next turn of the event loop, which then does not sleep
   */
  constructor(isWorthwhile: () => boolean, nextTurn: (task: () => void) => void = setImmediate) {
    this.#isWorthwhile = isWorthwhile;
    this.#nextTurn = nextTurn;
  }

  /** From now on the event may come. */
  expect(): void {
    if (!this.#wasSoon || !this.#isWorthwhile()) return;
    this.#turns = TURNS;
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#nextTurn(this.#turn);
  }

  /**
   * The event has come.
   * @param afterMs since `expect`
   */
  came(afterMs: number): void {
    this.#wasSoon = afterMs < SOON_MS;
    this.#turns = 0;
  }

  readonly #turn = (): void => {
    this.#turns -= 1;
    if (this.#turns > 0) this.#nextTurn(this.#turn);
    else this.#isPolling = false;
  };
}
