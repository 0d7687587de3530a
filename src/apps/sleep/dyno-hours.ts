import type { Clock } from '../../base/clock.js';
import { type EcoPool, MONTH_MS } from './eco-pool.js';

/** How many eco dynos run and how many sleep. */
export interface EcoCounts {
  readonly running: number;
  readonly idle: number;
}

export interface DynoHoursOptions {
  /** The app's ID. */
  readonly id: string;
  readonly pool: EcoPool;
  /** Platform time. */
  readonly clock: Clock;
  counts(): EcoCounts;
  /** Called when the pool's quota is used up, and when the next month begins afterwards. */
  onChange(): void;
}

export interface DynoUsage {
  /** Since the start of dynosim, or the last reset: platform time. */
  readonly usedMs: number;
  /** How much more the dynos would have used without sleep. */
  readonly savedMs: number;
  /** The use of a 30-day month at this rate. */
  readonly projectedMonthMs: number;
  readonly quotaMs: number;
  /** Used this month by the app, also before the start of dynosim. */
  readonly monthUsedMs: number;
  /** The same for all apps of the pool. */
  readonly allUsedMs: number;
}

/**
 * Counts the eco dyno hours of one app in platform time.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class DynoHours {
  readonly #options: DynoHoursOptions;
  #beganAt: number;
  #countedUntil: number;
  #counts: EcoCounts = { running: 0, idle: 0 };
  #usedMs = 0;
  #savedMs = 0;

  constructor(options: DynoHoursOptions) {
    this.#options = options;
    this.#beganAt = options.clock.now();
    this.#countedUntil = this.#beganAt;
    options.pool.join(this);
  }

  get id(): string {
    return this.#options.id;
  }

  /** How many dynos use hours now. */
  get running(): number {
    return this.#counts.running;
  }

  /** Call this after every change of the dynos. */
  update(): void {
    this.count();
    this.#counts = this.#options.counts();
    this.#options.pool.review();
  }

  /** Counts up to now. @returns the platform time used since the start of dynosim */
  count(): number {
    const now = this.#options.clock.now();
    const passed = now - this.#countedUntil;
    this.#countedUntil = now;
    this.#usedMs += this.#counts.running * passed;
    this.#savedMs += this.#counts.idle * passed;
    return this.#usedMs;
  }

  /** Counts from now on, as if nothing had been used this month. */
  reset(): void {
    this.count();
    this.#beganAt = this.#countedUntil;
    this.#usedMs = 0;
    this.#savedMs = 0;
    this.#options.pool.forget(this);
  }

  /** Called by the pool when its quota is used up, and when there are hours again. */
  onPool(): void {
    this.#options.onChange();
  }

  usage(): DynoUsage {
    const { id, pool } = this.#options;
    const usedMs = this.count();
    const passed = this.#countedUntil - this.#beganAt;
    return {
      usedMs,
      savedMs: this.#savedMs,
      projectedMonthMs: passed === 0 ? 0 : (usedMs / passed) * MONTH_MS,
      quotaMs: pool.quotaMs,
      monthUsedMs: pool.usedBy(id),
      allUsedMs: pool.usedMs,
    };
  }

  /** Stops counting, when the app ends. */
  close(): void {
    this.#options.pool.leave(this);
  }
}
