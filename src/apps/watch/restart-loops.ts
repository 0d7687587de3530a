/** A change this soon after the dynos are up may be their own. */
const SOON_MS = 2000;

/** After this many times in a row, it is. */
const TOO_OFTEN = 3;

/** Files that restarted the dynos too often, and no longer do, unless they change while nothing starts. */
export interface LeftOut {
  /** A name, or a pattern for names that change each time (`cache/*.json`). */
  readonly files: string;
  /** The occasion of each change. */
  readonly at: 'start' | 'requests';
}

/** Which changed files restart the dynos. */
export interface Verdict {
  readonly restart: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Detects dynos that change files which restart them, at their start or during requests. */
export class RestartLoops {
  readonly #leftOut = new Set<string>();
  /** Files readmitted because they changed while nothing started: perhaps an edit. */
  readonly #forgiven = new Set<string>();
  readonly #inARow = new Map<string, number>();
  /** When the dynos came up after the last restart; undefined until then. */
  #upAt: number | undefined = Number.NEGATIVE_INFINITY;

  /**
   * @param byRequests the files that changed during a request
   * @param now real time
   */
  judge(changed: readonly string[], byRequests: ReadonlySet<string>, now: number): Verdict {
    const isSoon = this.#upAt === undefined || now - this.#upAt < SOON_MS;
    const asked = new Set([...byRequests].map(patternOf));
    const isOwn = (pattern: string): boolean => isSoon || asked.has(pattern);
    this.#forgive(changed.map(patternOf).filter((pattern) => !isOwn(pattern)));
    const candidates = changed.filter((file) => !this.#leftOut.has(patternOf(file)));
    // Only excluded files changed: keep all counts.
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

  /** Readmits files, but only once: some also change now and then by themselves. */
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

  /** @param now real time */
  onUp(now: number): void {
    this.#upAt = now;
  }
}

/** Replaces process IDs, times, counters and hashes in a name, which differ each time. */
function patternOf(file: string): string {
  return file.replace(/[0-9a-f-]{8,}|\d+/gi, (run) => (/\d/.test(run) ? '*' : run));
}
