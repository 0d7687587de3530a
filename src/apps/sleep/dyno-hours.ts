import type { Cancel, Clock } from '../../base/clock.js';

/** How many eco dynos run and how many sleep. */
export interface EcoCounts {
  readonly running: number;
  readonly idle: number;
}

export interface DynoHoursOptions {
  /** Platform time. */
  readonly clock: Clock;
  /** Wall-clock ms. */
  readonly wall: () => number;
  /** The dyno time per month. */
  readonly quotaMs: number;
  counts(): EcoCounts;
  /** Called when the quota is used up, and when the next month begins afterwards. */
  onChange(): void;
}

export interface DynoUsage {
  /** Platform time. */
  readonly usedMs: number;
  /** How much more the dynos would have used without sleep. */
  readonly savedMs: number;
  /** The use of a 30-day month at this rate. */
  readonly projectedMonthMs: number;
  readonly quotaMs: number;
}

const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Counts eco dyno hours in platform time.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class DynoHours {
  readonly #options: DynoHoursOptions;
  readonly #beganAt: number;
  #countedUntil: number;
  #counts: EcoCounts = { running: 0, idle: 0 };
  #usedMs = 0;
  #savedMs = 0;
  /** Used before the current month. */
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

  /** Must be called after every change of the dynos. */
  update(): void {
    this.#count();
    this.#counts = this.#options.counts();
    this.#cancelTimer();
    const { running } = this.#counts;
    if (this.#isExhausted || running === 0) return;
    const leftMs = Math.max(0, this.#options.quotaMs - (this.#usedMs - this.#usedBefore));
    this.#cancelTimer = this.#options.clock.after(leftMs / running, () => this.#onQuotaUsed());
  }

  /** Since the start of dynosim. */
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

  /** Stops counting. */
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
