import type { WakeCause } from '../../router/backends.js';

/** One wake, as `dynosim report` tells it. Durations are real time in ms, but for `sleptMs`. */
export interface Wake {
  /** Wall-clock ms. */
  readonly at: number;
  /** Undefined: somebody did it by hand. */
  readonly cause: WakeCause | undefined;
  /** Platform time. */
  readonly sleptMs: number;
  /** What the platform took before the dyno's own boot; undefined if no web dyno came up. */
  readonly delayMs: number | undefined;
  /** From the start of the dyno's process until it listened; undefined if no web dyno came up. */
  readonly bootMs: number | undefined;
  /** From the arrival of the request that woke the app to the first byte of its answer. */
  readonly firstByteMs: number | undefined;
  /** How many requests waited. */
  readonly held: number;
  readonly longestWaitMs: number;
}

/** How long those waited who woke an app and got an answer. */
export interface WakeTotals {
  readonly wakes: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** So many wakes are remembered. */
const HISTORY = 10_000;

/** All wakes of an app, the oldest first. */
export class Wakes {
  readonly #wakes: Wake[] = [];

  get list(): readonly Wake[] {
    return this.#wakes;
  }

  add(wake: Wake): void {
    this.#wakes.push(wake);
    if (this.#wakes.length > HISTORY) this.#wakes.shift();
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

/** Of sorted numbers, by the nearest rank; 0 if there are none. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
