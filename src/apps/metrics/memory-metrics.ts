import { TimeRing } from './time-ring.js';
import type { DynoMemoryView } from './views.js';

type Points = DynoMemoryView['points'];

/** How many dynos to remember: one-off dynos come and go under names of their own. */
const MOST_DYNOS = 100;

/** The memory of one dyno: of the last hour in steps of ten seconds, of the last day by minute; the most of each step. */
class DynoMemory {
  readonly #tens = new TimeRing<number>(10_000, 360);
  readonly #minutes = new TimeRing<number>(60_000, 1440);
  latest = 0;

  add(at: number, bytes: number): void {
    this.latest = bytes;
    for (const ring of [this.#tens, this.#minutes]) ring.set(at, Math.max(ring.find(at) ?? 0, bytes));
  }

  between(from: number, until: number, stepMs: number): Points {
    const ring = stepMs < this.#minutes.stepMs ? this.#tens : this.#minutes;
    return ring.between(from, until).map(({ at, value }) => ({ at, bytes: value }));
  }
}

/** The memory of an app's dynos, whenever it was measured. */
export class MemoryMetrics {
  /** Least recently measured first. */
  readonly #dynos = new Map<string, DynoMemory>();

  /**
   * @param dyno `web.1`
   * @param at wall-clock ms
   */
  add(dyno: string, at: number, bytes: number): void {
    const memory = this.#dynos.get(dyno) ?? new DynoMemory();
    this.#dynos.delete(dyno);
    this.#dynos.set(dyno, memory);
    memory.add(at, bytes);
    const [oldest] = this.#dynos.keys();
    if (oldest !== undefined && this.#dynos.size > MOST_DYNOS) this.#dynos.delete(oldest);
  }

  /** In bytes, as measured last. */
  latest(dyno: string): number | undefined {
    return this.#dynos.get(dyno)?.latest;
  }

  /** By dyno; those without measurements in this time are left out. */
  between(from: number, until: number, stepMs: number): ReadonlyMap<string, Points> {
    const all = [...this.#dynos].map(
      ([dyno, memory]) => [dyno, memory.between(from, until, stepMs)] as const,
    );
    return new Map(all.filter(([, points]) => points.length > 0));
  }
}
