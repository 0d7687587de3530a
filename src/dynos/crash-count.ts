import { CRASH_COOL_OFFS, STABLE_AFTER } from '../base/limits.js';

/**
 * How often a dyno has crashed in a row, and how long it waits after that.
 * https://devcenter.heroku.com/articles/dyno-restarts
 */
export class CrashCount {
  #inARow = 0;
  #upSince: number | undefined;

  get inARow(): number {
    return this.#inARow;
  }

  /** Whether the current run has been up. */
  get wasUp(): boolean {
    return this.#upSince !== undefined;
  }

  /** The next crash counts as the first. */
  forget(): void {
    this.#inARow = 0;
  }

  /** A run begins. */
  onStart(): void {
    this.#upSince = undefined;
  }

  /** @param now platform time, ms */
  onUp(now: number): void {
    this.#upSince = now;
  }

  /**
   * @param now platform time, ms
   * @returns ms of platform time before the next start
   */
  onCrash(now: number): number {
    if (this.#upSince !== undefined && now - this.#upSince >= STABLE_AFTER) this.#inARow = 0;
    this.#inARow += 1;
    return CRASH_COOL_OFFS[Math.min(this.#inARow, CRASH_COOL_OFFS.length) - 1] ?? 0;
  }
}
