import type { RouterFacts } from '../../logs/entry.js';
import { addRequest, countsOf, emptyTally, mergeTallies, type Tally } from './tally.js';
import { TimeRing } from './time-ring.js';
import type { MetricsPoint, RequestCounts } from './views.js';

/** The requests of an app: of the last hour by second, of the last day by minute. */
export class RequestMetrics {
  readonly #seconds = new TimeRing<Tally>(1000, 3600);
  readonly #minutes = new TimeRing<Tally>(60_000, 1440);

  /** @param at wall-clock ms */
  add(at: number, facts: RouterFacts): void {
    addRequest(this.#seconds.at(at, emptyTally), facts);
    addRequest(this.#minutes.at(at, emptyTally), facts);
  }

  /** Those of the second that began at this time. */
  ofSecond(at: number): MetricsPoint {
    return { at, ...countsOf(this.#seconds.find(at) ?? emptyTally()) };
  }

  /**
   * @param from wall-clock ms: the beginning of a step
   * @param stepMs whole seconds or minutes
   */
  between(
    from: number,
    until: number,
    stepMs: number,
  ): { readonly totals: RequestCounts; readonly points: readonly MetricsPoint[] } {
    const ring = stepMs < this.#minutes.stepMs ? this.#seconds : this.#minutes;
    const bySteps = new Map<number, Tally[]>();
    for (const { at, value } of ring.between(from, until)) {
      const step = at - (at % stepMs);
      bySteps.set(step, [...(bySteps.get(step) ?? []), value]);
    }
    const merged = [...bySteps].map(([at, tallies]) => ({ at, tally: mergeTallies(tallies) }));
    return {
      totals: countsOf(mergeTallies(merged.map(({ tally }) => tally))),
      points: merged.map(({ at, tally }) => ({ at, ...countsOf(tally) })),
    };
  }
}
