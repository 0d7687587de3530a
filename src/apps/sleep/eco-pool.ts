import type { Cancel, Time } from '../../base/clock.js';

export interface EcoPoolOptions {
  readonly time: Time;
  /** The dyno time per month of all apps together. Infinity: there is no limit. */
  readonly quotaMs: number;
  /** Called whenever dynos may have begun or ended to use hours. */
  onUse?(isInUse: boolean): void;
}

/** The dyno time used in a month. */
export interface EcoMonth {
  /** In UTC: `2026-11`. */
  readonly month: string;
  /** ms of platform time by the app's ID, also of apps that are gone. */
  readonly usedMs: Readonly<Record<string, number>>;
}

/** The dyno hours of one app. */
interface Member {
  /** The app's ID. */
  readonly id: string;
  readonly running: number;
  /** Counts up to now. @returns what it has used since the start of dynosim */
  count(): number;
  /** Called when the quota is used up, and when there are hours again. */
  onPool(): void;
}

/** The length of a month for projections. */
export const MONTH_MS = 30 * 24 * 3_600_000;

/** Timers may fire slightly early. */
const ALMOST_NOTHING_MS = 1;

/**
 * The eco dyno hours of an account, which its apps share. It has a timer only while eco dynos run, or while they must
 * not because the hours are used up.
 * https://devcenter.heroku.com/articles/eco-dyno-hours
 */
export class EcoPool {
  readonly #options: EcoPoolOptions;
  /** With what each has used when it was last collected. */
  readonly #members = new Map<Member, number>();
  /** In the current month, by app. */
  #used = new Map<string, number>();
  #month: string;
  #isExhausted = false;
  #cancelTimer: Cancel = () => {};

  constructor(options: EcoPoolOptions) {
    this.#options = options;
    this.#month = monthOf(this.#date());
    this.#isExhausted = this.#leftMs < ALMOST_NOTHING_MS;
  }

  /** Continues, before any app joins, with what was used before the start of dynosim, if that was in this month. */
  continueWith({ month, usedMs }: EcoMonth): void {
    if (month !== this.#month) return;
    this.#used = new Map(Object.entries(usedMs));
    this.#isExhausted = this.#leftMs < ALMOST_NOTHING_MS;
  }

  get quotaMs(): number {
    return this.#options.quotaMs;
  }

  /** In the current month. */
  get usedMs(): number {
    this.#turnMonth();
    return this.#sum();
  }

  /** Whether the month's hours are used up. */
  get isExhausted(): boolean {
    this.#turnMonth();
    return this.#isExhausted;
  }

  /** What an app has used in the current month, by its ID. */
  usedBy(id: string): number {
    this.#turnMonth();
    this.#collect();
    return this.#used.get(id) ?? 0;
  }

  /** The current month so far. */
  get month(): EcoMonth {
    this.#turnMonth();
    this.#collect();
    return { month: this.#month, usedMs: Object.fromEntries(this.#used) };
  }

  join(member: Member): void {
    this.#members.set(member, member.count());
    this.review();
  }

  /** Forgets what an app has used this month. It has begun to count anew. */
  forget(member: Member): void {
    this.#members.set(member, member.count());
    this.#used.delete(member.id);
    this.#change(this.#leftMs < ALMOST_NOTHING_MS);
    this.review();
  }

  /** An app has ended. Without apps there is no timer. */
  leave(member: Member): void {
    this.#collect();
    if (this.#members.delete(member)) this.review();
  }

  /** Looks anew when the quota will be used up. */
  review(): void {
    this.#turnMonth();
    this.#cancelTimer();
    const running = [...this.#members.keys()].reduce((sum, member) => sum + member.running, 0);
    this.#options.onUse?.(running > 0);
    if (this.#members.size === 0 || this.quotaMs === Number.POSITIVE_INFINITY) return;
    if (running === 0 && !this.#isExhausted) return;
    const leftMs = this.#isExhausted ? Number.POSITIVE_INFINITY : Math.max(0, this.#leftMs) / running;
    const waitMs = Math.min(leftMs, Math.max(ALMOST_NOTHING_MS, this.#untilNextMonth()));
    this.#cancelTimer = this.#options.time.platform.after(waitMs, () => {
      if (this.#leftMs < ALMOST_NOTHING_MS) this.#change(true);
      this.review();
    });
  }

  get #leftMs(): number {
    return this.quotaMs - this.#sum();
  }

  #sum(): number {
    this.#collect();
    return [...this.#used.values()].reduce((sum, ms) => sum + ms, 0);
  }

  #collect(): void {
    for (const [member, before] of this.#members) {
      const now = member.count();
      this.#members.set(member, now);
      if (now > before) this.#used.set(member.id, (this.#used.get(member.id) ?? 0) + now - before);
    }
  }

  #change(isExhausted: boolean): void {
    if (this.#isExhausted === isExhausted) return;
    this.#isExhausted = isExhausted;
    for (const member of [...this.#members.keys()]) member.onPool();
  }

  /** Begins a new month, if it is time. Not only the timer asks: that stands still while the machine sleeps. */
  #turnMonth(): void {
    const month = monthOf(this.#date());
    if (month === this.#month) return;
    this.#month = month;
    this.#collect();
    this.#used.clear();
    this.#change(this.#leftMs < ALMOST_NOTHING_MS);
  }

  #untilNextMonth(): number {
    const now = new Date(this.#date());
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime();
  }

  /** In platform time. */
  #date(): number {
    const { wall, platform } = this.#options.time;
    return wall() + platform.aheadMs;
  }
}

function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, '2026-11'.length);
}
