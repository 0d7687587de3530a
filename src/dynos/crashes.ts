import type { Cancel, Time } from '../base/clock.js';
import { CRASH_COOL_OFFS, STABLE_AFTER } from '../base/limits.js';

/** A run that lived longer than this, in ms of real time, did not crash because of how it starts. */
const EARLY_MS = 5000;
/** On a busy machine the same start takes longer. */
const SLOWER_START = { factor: 2, extraMs: 500 } as const;

/**
 * How often a dyno has crashed in a row, and how long it waits after that.
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
  /** How soon, in real time, the next run would crash as the last one did; 0 if that is not to be expected. */
  #probationMs = 0;
  #cancelProbation: Cancel | undefined;

  /** @param onProbationEnd called when a run has not crashed as the one before */
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

  /** Whether the current run may yet crash as early as the one before. */
  get isOnProbation(): boolean {
    return this.#cancelProbation !== undefined;
  }

  /** The next crash counts as the first. */
  forget(): void {
    this.#inARow = 0;
    this.#probationMs = 0;
  }

  /** A run begins. */
  onStart(): void {
    const { real } = this.#time;
    this.onEnd();
    this.#startedAt = real.now();
    if (this.#probationMs > 0) this.#cancelProbation = real.after(this.#probationMs, () => this.#pass());
  }

  onUp(): void {
    this.#upSince = this.#time.platform.now();
  }

  /** There is no current run any more. */
  onEnd(): void {
    this.#upSince = undefined;
    this.#cancelProbation?.();
    this.#cancelProbation = undefined;
  }

  /** @returns ms of platform time before the next start */
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
