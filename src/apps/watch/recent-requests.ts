/** After this time, a request no longer counts as the cause of a change: it may be a stream. */
const FIRST_MS = 2000;

/** A long request usually writes at its end, within this time. */
const LAST_MS = 500;

/** A write may end this long after its request. */
const AFTER_MS = 100;

/** How far the file system's clock may be behind. */
const BEHIND_MS = 20;

/** Older requests are forgotten. */
const KEPT_MS = 10_000;

interface Span {
  readonly from: number;
  /** Infinity during the request. */
  to: number;
}

/** The times of recent requests: a file that changes during one was probably changed by the app. */
export class RecentRequests {
  readonly #wall: () => number;
  #spans: Span[] = [];

  /** @param wall wall-clock ms */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** The result must be called at the end of the request. */
  started(): () => void {
    const from = this.#wall();
    this.#spans = this.#spans.filter(({ to }) => to > from - KEPT_MS);
    const span = { from, to: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.to = this.#wall();
    };
  }

  /** @param at wall-clock ms */
  wereUnderWay(at: number): boolean {
    return this.#spans.some(({ from, to }) => {
      const isWithin = at >= from - BEHIND_MS && at <= to + AFTER_MS;
      return isWithin && (at <= from + FIRST_MS || at >= to - LAST_MS);
    });
  }
}
