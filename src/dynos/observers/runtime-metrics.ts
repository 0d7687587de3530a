import { MB } from '../../base/bytes.js';
import type { MetricsLabels, TreeMemory } from '../run-plan.js';

const PAGE_BYTES = 4096;
const MINUTE = 60_000;

/** Over how long the load is averaged, ms, by the name that it then has. */
const AVERAGES = { load_avg_1m: MINUTE, load_avg_5m: 5 * MINUTE, load_avg_15m: 15 * MINUTE } as const;

/**
 * The load of one run: how many of its threads run or wait for a CPU, as exponentially damped averages that begin at 0.
 * https://devcenter.heroku.com/articles/log-runtime-metrics#cpu-load-averages
 */
export class LoadAverages {
  readonly #values = new Map(Object.keys(AVERAGES).map((name) => [name, 0]));

  /** @param elapsedMs the platform time since the last sample */
  add(runnable: number, elapsedMs: number): void {
    for (const [name, periodMs] of Object.entries(AVERAGES)) {
      const weight = Math.exp(-elapsedMs / periodMs);
      this.#values.set(name, (this.#values.get(name) ?? 0) * weight + runnable * (1 - weight));
    }
  }

  /** `sample#load_avg_1m=2.46 …` */
  toString(): string {
    return [...this.#values].map(([name, value]) => `sample#${name}=${value.toFixed(2)}`).join(' ');
  }
}

/** `source=web.1 dyno=heroku.2808254.d97d0ea7-… `: the app's number here comes from its id. */
export function labelsOf({ dyno, appId }: MetricsLabels, run: string): string {
  return `source=${dyno} dyno=heroku.${Number.parseInt(appId.slice(0, 7), 16)}.${run}`;
}

/**
 * `sample#memory_total=21.00MB …`
 * https://devcenter.heroku.com/articles/log-runtime-metrics#memory-and-swap
 * @param faults page faults so far. Heroku counts the pages that were charged to the dyno, which happens by such faults
 * @param quota bytes; Infinity is left out
 */
export function memorySamples(memory: TreeMemory, faults: number, quota: number): string {
  const { rss, cache, swap } = memory;
  const resident = Math.round((rss + cache) / PAGE_BYTES);
  // One fault may bring several pages, and those that are resident have come once.
  const pagesIn = Math.max(faults, resident);
  const samples = {
    memory_total: inMb(totalOf(memory)),
    memory_rss: inMb(rss),
    memory_cache: inMb(cache),
    memory_swap: inMb(swap),
    memory_pgpgin: `${pagesIn}pages`,
    memory_pgpgout: `${pagesIn - resident}pages`,
    ...(Number.isFinite(quota) && { memory_quota: inMb(quota) }),
  };
  return Object.entries(samples)
    .map(([name, value]) => `sample#${name}=${value}`)
    .join(' ');
}

/** What counts towards the quota. https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded */
export function totalOf({ rss, cache, swap }: TreeMemory): number {
  return rss + cache + swap;
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(2)}MB`;
}
