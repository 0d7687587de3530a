/** A change so soon after the dynos have come up may be their own doing, ms. */
const SOON_MS = 2000;

/** So often in a row it is. */
const TOO_OFTEN = 3;

/** What to make of files that have changed. */
export interface Verdict {
  /** These are a reason to restart. */
  readonly restart: readonly string[];
  /** These restarted the dynos each time the dynos had restarted, and will no more. */
  readonly leftOut: readonly string[];
}

/** Notices that dynos change at their start what restarts them. */
export class RestartLoops {
  readonly #leftOut = new Set<string>();
  readonly #inARow = new Map<string, number>();
  /** When the dynos were up after the last restart: undefined while they are not. */
  #upAt: number | undefined = Number.NEGATIVE_INFINITY;

  /** @param now real time, ms */
  judge(changed: readonly string[], now: number): Verdict {
    const isSoon = this.#upAt === undefined || now - this.#upAt < SOON_MS;
    const candidates = changed.filter((file) => !this.#leftOut.has(file));
    for (const file of this.#inARow.keys()) if (!candidates.includes(file)) this.#inARow.delete(file);
    for (const file of candidates) this.#inARow.set(file, isSoon ? (this.#inARow.get(file) ?? 0) + 1 : 0);
    const leftOut = candidates.filter((file) => (this.#inARow.get(file) ?? 0) >= TOO_OFTEN);
    for (const file of leftOut) this.#leftOut.add(file);
    return { restart: candidates.filter((file) => !leftOut.includes(file)), leftOut };
  }

  onRestart(): void {
    this.#upAt = undefined;
  }

  /** @param now real time, ms */
  onUp(now: number): void {
    this.#upAt = now;
  }
}
