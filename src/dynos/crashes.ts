import type { Cancel, Time } from '../base/clock.js';
import { CRASH_COOL_OFFS, STABLE_AFTER } from '../base/limits.js';

/** A run that lives longer than this (real time) did not crash because of its start. */
const EARLY_MS = 5000;
/** On a busy machine, the same start takes longer. */
const SLOWER_START = { factor: 2, extraMs: 500 } as const;

/**
 * Counts a dyno's crashes in a row, and says how long it waits after each.
 * https://devcenter.heroku.com/articles/dyno-restarts
 */
export class Crashes {
  readonly #time: Time;
  readonly #onProbationEnd: () => void;
  #inARow = 0;
  /** Real time. */
  #startedAt = 0;
  /** Platform time. */
  #upSince: number | undefined;
  /** How long the next run may still crash like the last one (real time); 0 if that is not expected. */
  #probationMs = 0;
  #cancelProbation: Cancel | undefined;

  /** @param onProbationEnd called when a run has outlived the last crash */
  constructor(time: Time, onProbationEnd: () => void) {
    this.#time = time;
    this.#onProbationEnd = onProbationEnd;
  }

  get inARow(): number {
    return this.#inARow;
  }

  /** Whether the current run has been up. */
  get wasUp(): boolean {
    return this.#upSince !== undefined;
  }

  /** Whether the current run may still crash as early as the last one. */
  get isOnProbation(): boolean {
    return this.#cancelProbation !== undefined;
  }

  /** Makes the next crash count as the first. */
  forget(): void {
    this.#inARow = 0;
    this.#probationMs = 0;
  }

  onStart(): void {
    const { real } = this.#time;
    this.onEnd();
    this.#startedAt = real.now();
    if (this.#probationMs > 0) this.#cancelProbation = real.after(this.#probationMs, () => this.#pass());
  }

  onUp(): void {
    this.#upSince = this.#time.platform.now();
  }

  /** Must be called when there is no longer a current run. */
  onEnd(): void {
    this.#upSince = undefined;
    this.#cancelProbation?.();
    this.#cancelProbation = undefined;
  }

  /** @returns how long to wait before the next start: platform time */
  onCrash(): number {
    const { real, platform } = this.#time;
    const livedMs = real.now() - this.#startedAt;
    this.#probationMs = livedMs > EARLY_MS ? 0 : livedMs * SLOWER_START.factor + SLOWER_START.extraMs;
    if (this.#upSince !== undefined && platform.now() - this.#upSince >= STABLE_AFTER) this.#inARow = 0;
    this.#inARow += 1;
    return CRASH_COOL_OFFS[Math.min(this.#inARow, CRASH_COOL_OFFS.length) - 1] ?? 0;
  }

  #pass(): void {
    this.#cancelProbation = undefined;
    this.#onProbationEnd();
  }
}
