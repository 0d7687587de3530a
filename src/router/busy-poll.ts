import { availableParallelism } from 'node:os';

/** What takes longer, a sleeping process hears of soon enough, ms. */
const SOON_MS = 0.2;

/** A turn of the event loop in which nothing happens takes about a microsecond. */
const TURNS = 200;

export interface BusyPollOptions {
  /** Runs a task in the next turn of the event loop, which then does not sleep; `setImmediate` if not said. */
  readonly nextTurn?: (task: () => void) => void;
  /** How many processors there are; on a single one, dyno and client need it themselves. */
  readonly processors?: number;
}

/**
 * Waits awake for what is likely to come at once. A process that sleeps until the next event is woken by the system,
 * which takes a multiple of the time a fast dyno needs for its answer, in a virtual machine above all. So the event
 * loop goes round for a moment without sleeping, but only if the last answer, or the last request, came soon: who
 * waits for a slow dyno, sleeps. Nor is it done while several requests are with dynos, which keep the loop going
 * anyway. The method is known from HAProxy (`busy-polling`) and KVM (`halt_poll_ns`).
 */
export class BusyPoll {
  readonly #nextTurn: (task: () => void) => void;
  readonly #mayPoll: boolean;
  /** Requests that are with a dyno and have no answer yet. */
  #unanswered = 0;
  #areAnswersSoon = false;
  #areRequestsSoon = false;
  #lastLeftAt = Number.NEGATIVE_INFINITY;
  #turns = 0;
  #isPolling = false;

  constructor({ nextTurn = setImmediate, processors = availableParallelism() }: BusyPollOptions = {}) {
    this.#nextTurn = nextTurn;
    this.#mayPoll = processors > 1;
  }

  /** A request has gone to a dyno. `answered` must follow. */
  sent(): void {
    this.#unanswered += 1;
    if (this.#areAnswersSoon && this.#unanswered === 1) this.#poll();
  }

  /** @param afterMs from `sent` to the head of its answer; Infinity if there will be none */
  answered(afterMs: number): void {
    this.#unanswered -= 1;
    this.#areAnswersSoon = afterMs < SOON_MS;
    this.#turns = 0;
  }

  /**
   * A request is over: its client may send the next one.
   * @param now real time, ms
   */
  left(now: number): void {
    this.#lastLeftAt = now;
    if (this.#areRequestsSoon && this.#unanswered === 0) this.#poll();
  }

  /** @param now real time, ms */
  arrived(now: number): void {
    this.#areRequestsSoon = now - this.#lastLeftAt < SOON_MS;
    this.#turns = 0;
  }

  #poll(): void {
    if (!this.#mayPoll) return;
    this.#turns = TURNS;
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turns -= 1;
    if (this.#turns > 0) this.#nextTurn(this.#turn);
    else this.#isPolling = false;
  };
}
