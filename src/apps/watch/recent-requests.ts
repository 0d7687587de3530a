/** Later than this in a request, a change need not be its doing: it may be a stream, ms. */
const FIRST_MS = 2000;

/** A long request mostly writes at its end, within this time, ms. */
const LAST_MS = 500;

/** A write may end this long after its request, ms. */
const AFTER_MS = 100;

/** The file system's clock is a little behind, ms. */
const BEHIND_MS = 20;

/** Older ones are forgotten, ms. */
const KEPT_MS = 10_000;

interface Span {
  readonly from: number;
  /** Infinity while it is under way. */
  to: number;
}

/** When requests were under way lately: a file that changes then is likely the app's own doing. */
export class RecentRequests {
  readonly #wall: () => number;
  #spans: Span[] = [];

  /** @param wall wall-clock time, ms */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** Call the result once the request is over. */
  started(): () => void {
    const from = this.#wall();
    this.#spans = this.#spans.filter(({ to }) => to > from - KEPT_MS);
    const span = { from, to: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.to = this.#wall();
    };
  }

  /** @param at wall-clock time, ms */
  wereUnderWay(at: number): boolean {
    return this.#spans.some(({ from, to }) => {
      const isWithin = at >= from - BEHIND_MS && at <= to + AFTER_MS;
      return isWithin && (at <= from + FIRST_MS || at >= to - LAST_MS);
    });
  }
}
