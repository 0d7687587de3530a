import type { WakeCause } from '../../router/backends.js';

/** One wake in `dynosim report`. Durations are real time, except `sleptMs`. */
export interface Wake {
  /** Wall-clock ms. */
  readonly at: number;
  /** The date in platform time, ms. */
  readonly platformAt: number;
  /** undefined if a user woke the app by hand. */
  readonly cause: WakeCause | undefined;
  /** Platform time. */
  readonly sleptMs: number;
  /** How long the platform took before the dyno's own boot; undefined if no web dyno came up. */
  readonly delayMs: number | undefined;
  /** From the start of the dyno's process until it listened; undefined if no web dyno came up. */
  readonly bootMs: number | undefined;
  /** From the arrival of the request that woke the app to the first byte of the response. */
  readonly firstByteMs: number | undefined;
  /** The number of requests that waited. */
  readonly held: number;
  readonly longestWaitMs: number;
}

/** How long requests that woke the app waited for the first byte of a response. */
export interface WakeTotals {
  readonly wakes: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** How many wakes to keep. */
const HISTORY = 10_000;

/** The wakes of an app, oldest first. */
export class Wakes {
  readonly #wakes: Wake[] = [];

  get list(): readonly Wake[] {
    return this.#wakes;
  }

  add(wake: Wake): void {
    this.#wakes.push(wake);
    if (this.#wakes.length > HISTORY) this.#wakes.shift();
  }

  clear(): void {
    this.#wakes.length = 0;
  }

  totals(): WakeTotals {
    const waits = this.#wakes.flatMap(({ firstByteMs }) => firstByteMs ?? []).sort((a, b) => a - b);
    return {
      wakes: this.#wakes.length,
      p50Ms: percentile(waits, 0.5),
      p95Ms: percentile(waits, 0.95),
      maxMs: waits.at(-1) ?? 0,
    };
  }
}

/** By the nearest rank; 0 without numbers. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
