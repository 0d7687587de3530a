/** A request that takes longer is a stream or waits for something: what happens then need not be its doing, ms. */
const LONG_MS = 5000;

/** What a request has set off may end a little after it, ms. */
const AFTER_MS = 100;

/** The file system's clock is a little behind, ms. */
const BEHIND_MS = 20;

/** Older ones are forgotten, ms. */
const KEPT_MS = 10_000;

interface Span {
  readonly from: number;
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
    const span = { from, to: from + LONG_MS };
    this.#spans.push(span);
    return () => {
      span.to = Math.min(span.to, this.#wall());
    };
  }

  /** @param at wall-clock time, ms */
  wereUnderWay(at: number): boolean {
    return this.#spans.some(({ from, to }) => at >= from - BEHIND_MS && at <= to + AFTER_MS);
  }
}
