import type { Cancel, Clock } from '../../base/clock.js';

/** How many of an account's eco dynos run and how many sleep at the moment. */
export interface EcoCounts {
  readonly running: number;
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
  /** Called when the quota is used up, and when the next month begins after that. */
  onChange(): void;
}

export interface DynoUsage {
  /** Dyno time used, ms of platform time. */
  readonly usedMs: number;
  /** How much more the dynos would have used, had they not slept. */
  readonly savedMs: number;
  /** How much a month of 30 days would use at this rate. */
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
  readonly #beganAt: number;
  #countedUntil: number;
  #counts: EcoCounts = { running: 0, idle: 0 };
  #usedMs = 0;
  #savedMs = 0;
  /** Used in the months before this one. */
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

  /** Whether the month's hours are used up. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Call this after every change of the dynos. */
  update(): void {
    this.#count();
    this.#counts = this.#options.counts();
    this.#cancelTimer();
    const { running } = this.#counts;
    if (this.#isExhausted || running === 0) return;
    const leftMs = Math.max(0, this.#options.quotaMs - (this.#usedMs - this.#usedBefore));
    this.#cancelTimer = this.#options.clock.after(leftMs / running, () => this.#onQuotaUsed());
  }

  /** Since dynosim was started. */
  usage(): DynoUsage {
    this.#count();
    const usedMs = this.#usedMs;
    const passed = this.#countedUntil - this.#beganAt;
    return {
      usedMs,
      savedMs: this.#savedMs,
      projectedMonthMs: passed === 0 ? 0 : (usedMs / passed) * MONTH_MS,
      quotaMs: this.#options.quotaMs,
    };
  }

  /** Stops counting: the app has ended. */
  close(): void {
    this.#cancelTimer();
    this.#cancelMonth();
  }

  #count(): void {
    const now = this.#options.clock.now();
    const passed = now - this.#countedUntil;
    this.#countedUntil = now;
    this.#usedMs += this.#counts.running * passed;
    this.#savedMs += this.#counts.idle * passed;
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
    this.#usedBefore = this.#usedMs;
    const wasExhausted = this.#isExhausted;
    this.#isExhausted = false;
    this.#cancelMonth = this.#options.clock.after(MONTH_MS, () => this.#onNextMonth());
    if (wasExhausted) this.#options.onChange();
    this.update();
  }
}
