import type { Cancel, Clock } from '../../base/clock.js';

/** How many of an account's eco dynos run and how many sleep, at the moment. */
export interface EcoCounts {
  /** By process type. */
  readonly running: ReadonlyMap<string, number>;
  readonly idle: number;
}

export interface DynoHoursOptions {
  /** Platform time. */
  readonly clock: Clock;
  /** Wall-clock ms. */
  readonly wall: () => number;
  /** Dyno time that may be used in a month, ms. */
  readonly quotaMs: number;
  counts(): EcoCounts;
  /** Told when the quota is used up, and when the next month begins after that. */
  onChange(): void;
}

export interface DynoUsage {
  /** Dyno time used, ms of platform time. */
  readonly usedMs: number;
  readonly usedMsByType: Readonly<Record<string, number>>;
  /** What the dynos would have used beyond that, had they not slept. */
  readonly savedMs: number;
  /** What a month of 30 days would use if it went on like this. */
  readonly projectedMonthMs: number;
  readonly quotaMs: number;
}

const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Counts eco dyno hours, to the second and beyond, as platform time passes.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class DynoHours {
  readonly #options: DynoHoursOptions;
  readonly #usedByType = new Map<string, number>();
  readonly #beganAt: number;
  #countedUntil: number;
  #counts: EcoCounts = { running: new Map(), idle: 0 };
  #savedMs = 0;
  /** In the months before this one. */
  #usedBefore = 0;
  #isExhausted = false;
  #cancelTimer: Cancel = () => {};
  #cancelMonth: Cancel = () => {};

  constructor(options: DynoHoursOptions) {
    this.#options = options;
    this.#beganAt = options.clock.now();
    this.#countedUntil = this.#beganAt;
    this.#awaitNextMonth();
  }

  /** The month's hours are used up. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** To be called after every change of the dynos. */
  update(): void {
    this.#count();
    this.#counts = this.#options.counts();
    this.#cancelTimer();
    const running = [...this.#counts.running.values()].reduce((sum, count) => sum + count, 0);
    if (this.#isExhausted || running === 0) return;
    const leftMs = Math.max(0, this.#options.quotaMs - this.#usedThisMonth());
    this.#cancelTimer = this.#options.clock.after(leftMs / running, () => this.#onQuotaUsed());
  }

  /** Since dynosim was started. */
  usage(): DynoUsage {
    this.#count();
    const usedMs = this.#used();
    const passed = this.#countedUntil - this.#beganAt;
    return {
      usedMs,
      usedMsByType: Object.fromEntries(this.#usedByType),
      savedMs: this.#savedMs,
      projectedMonthMs: passed === 0 ? 0 : (usedMs / passed) * MONTH_MS,
      quotaMs: this.#options.quotaMs,
    };
  }

  /** The app has ended: nothing more is to be counted. */
  close(): void {
    this.#cancelTimer();
    this.#cancelMonth();
  }

  #count(): void {
    const now = this.#options.clock.now();
    const passed = now - this.#countedUntil;
    this.#countedUntil = now;
    for (const [type, count] of this.#counts.running)
      this.#usedByType.set(type, (this.#usedByType.get(type) ?? 0) + count * passed);
    this.#savedMs += this.#counts.idle * passed;
  }

  #used(): number {
    return [...this.#usedByType.values()].reduce((sum, ms) => sum + ms, 0);
  }

  #usedThisMonth(): number {
    return this.#used() - this.#usedBefore;
  }

  #onQuotaUsed(): void {
    this.#count();
    this.#isExhausted = true;
    this.#options.onChange();
  }

  #awaitNextMonth(): void {
    const now = new Date(this.#options.wall());
    const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    this.#cancelMonth = this.#options.clock.after(next - now.getTime(), () => this.#onNextMonth());
  }

  #onNextMonth(): void {
    this.#count();
    this.#usedBefore = this.#used();
    const wasExhausted = this.#isExhausted;
    this.#isExhausted = false;
    this.#cancelMonth = this.#options.clock.after(MONTH_MS, () => this.#onNextMonth());
    if (wasExhausted) this.#options.onChange();
    this.update();
  }
}
