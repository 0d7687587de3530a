/** A change so soon after the dynos have come up may be their own doing, ms. */
const SOON_MS = 2000;

/** This many times in a row, it is. */
const TOO_OFTEN = 3;

/** Files that restarted the dynos too often, and will not again, unless they change once while nothing starts. */
export interface LeftOut {
  /** A name, or a pattern of names that are never the same (`cache/*.json`). */
  readonly files: string;
  /** When they changed each time. */
  readonly at: 'start' | 'requests';
}

/** Tells which of the changed files restart the dynos. */
export interface Verdict {
  /** These are a reason to restart. */
  readonly restart: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Notices that dynos change what restarts them, at their start or when they answer requests. */
export class RestartLoops {
  readonly #leftOut = new Set<string>();
  /** Were left out, and changed while nothing started: that was an edit, or will show that it was not. */
  readonly #forgiven = new Set<string>();
  readonly #inARow = new Map<string, number>();
  /** When the dynos were up after the last restart: undefined while they are not. */
  #upAt: number | undefined = Number.NEGATIVE_INFINITY;

  /**
   * @param byRequests those of the changed files that changed while a request was under way
   * @param now real time, ms
   */
  judge(changed: readonly string[], byRequests: ReadonlySet<string>, now: number): Verdict {
    const isSoon = this.#upAt === undefined || now - this.#upAt < SOON_MS;
    const asked = new Set([...byRequests].map(patternOf));
    const isOwn = (pattern: string): boolean => isSoon || asked.has(pattern);
    this.#forgive(changed.map(patternOf).filter((pattern) => !isOwn(pattern)));
    const candidates = changed.filter((file) => !this.#leftOut.has(patternOf(file)));
    // Nothing that counts has happened: what is counted goes on.
    if (candidates.length === 0) return { restart: [], leftOut: [] };
    const patterns = new Set(candidates.map(patternOf));
    for (const pattern of this.#inARow.keys()) if (!patterns.has(pattern)) this.#inARow.delete(pattern);
    for (const pattern of patterns)
      this.#inARow.set(pattern, isOwn(pattern) ? (this.#inARow.get(pattern) ?? 0) + 1 : 0);
    const leftOut = [...patterns].filter((pattern) => (this.#inARow.get(pattern) ?? 0) >= TOO_OFTEN);
    for (const pattern of leftOut) this.#leftOut.add(pattern);
    return {
      restart: candidates.filter((file) => !leftOut.includes(patternOf(file))),
      leftOut: leftOut.map((files) => ({ files, at: asked.has(files) ? 'requests' : 'start' })),
    };
  }

  /** Once: what also changes now and then by itself would be left out and let in for ever. */
  #forgive(patterns: readonly string[]): void {
    for (const pattern of patterns) {
      if (!this.#leftOut.has(pattern) || this.#forgiven.has(pattern)) continue;
      this.#forgiven.add(pattern);
      this.#leftOut.delete(pattern);
    }
  }

  onRestart(): void {
    this.#upAt = undefined;
  }

  /** @param now real time, ms */
  onUp(now: number): void {
    this.#upAt = now;
  }
}

/** A process id, a time, a counter or a hash in a name is another one each time. */
function patternOf(file: string): string {
  return file.replace(/[0-9a-f-]{8,}|\d+/gi, (run) => (/\d/.test(run) ? '*' : run));
}
