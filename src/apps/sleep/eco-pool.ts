import type { Cancel, Clock } from '../../base/clock.js';

export interface EcoPoolOptions {
  /** Platform time. */
  readonly clock: Clock;
  /** Wall-clock ms. */
  readonly wall: () => number;
  /** The dyno time per month of all apps together. */
  readonly quotaMs: number;
}

/** The dyno hours of one app. */
interface Member {
  readonly running: number;
  /** Counts up to now. @returns what it has used since the start of dynosim */
  count(): number;
  /** Called when the quota is used up, and when there are hours again. */
  onPool(): void;
}

export const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * The eco dyno hours of an account, which its apps share. With no app awake it has no timer but that of the month.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class EcoPool {
  readonly #options: EcoPoolOptions;
  readonly #members = new Set<Member>();
  /** Used by apps that have ended. */
  #usedByGone = 0;
  /** Used before the current month. */
  #usedBefore = 0;
  #isExhausted = false;
  #cancelTimer: Cancel = () => {};
  #cancelMonth: Cancel | undefined;

  constructor(options: EcoPoolOptions) {
    this.#options = options;
  }

  get quotaMs(): number {
    return this.#options.quotaMs;
  }

  /** In the current month. */
  get usedMs(): number {
    return this.#used() - this.#usedBefore;
  }

  /** Whether the month's hours are used up. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  join(member: Member): void {
    this.#members.add(member);
    if (this.#cancelMonth) return;
    const now = new Date(this.#options.wall());
    const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    this.#awaitMonth(next - now.getTime());
  }

  /** An app has ended. Without apps there are no timers. */
  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    this.#usedByGone += member.count();
    this.review();
    if (this.#members.size > 0) return;
    this.#cancelMonth?.();
    this.#cancelMonth = undefined;
  }

  /** Looks anew when the quota will be used up. */
  review(): void {
    const leftMs = Math.max(0, this.quotaMs - this.usedMs);
    const running = [...this.#members].reduce((sum, member) => sum + member.running, 0);
    this.#cancelTimer();
    if (this.#isExhausted || running === 0) return;
    this.#cancelTimer = this.#options.clock.after(leftMs / running, () => this.#change(true));
  }

  #used(): number {
    return [...this.#members].reduce((sum, member) => sum + member.count(), this.#usedByGone);
  }

  #change(isExhausted: boolean): void {
    if (this.#isExhausted === isExhausted) return;
    this.#isExhausted = isExhausted;
    for (const member of this.#members) member.onPool();
  }

  #awaitMonth(ms: number): void {
    this.#cancelMonth = this.#options.clock.after(ms, () => {
      this.#usedBefore = this.#used();
      this.#awaitMonth(MONTH_MS);
      this.#change(false);
      this.review();
    });
  }
}
