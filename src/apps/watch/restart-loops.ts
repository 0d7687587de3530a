/** A change this soon after the dynos are up may be their own. */
const SOON_MS = 2000;

/** What changes at the same time after each restart, give or take this, is written by a timer of a dyno. */
const TIMER_MS = 500;

/** After this many times in a row, it is. */
const TOO_OFTEN = 3;

/** Files that restarted the dynos too often, and no longer do, unless they change while nothing starts. */
export interface LeftOut {
  /** A name, or a pattern for names that change each time (`cache/*.json`). */
  readonly files: string;
  /** The occasion of each change. */
  readonly at: 'start' | 'requests' | 'timer';
}

/** Which changed files restart the dynos. */
export interface Verdict {
  readonly restart: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Detects dynos that change files which restart them: at their start, during requests, or by a timer. */
export class RestartLoops {
  readonly #leftOut = new Set<string>();
  /** Files readmitted because they changed while nothing started: perhaps an edit. */
  readonly #forgiven = new Set<string>();
  readonly #inARow = new Map<string, number>();
  /** How long after a restart each file changed last. */
  readonly #delays = new Map<string, number>();
  #restartedAt = Number.NEGATIVE_INFINITY;
  /** When the dynos came up after the last restart; undefined until then. */
  #upAt: number | undefined = Number.NEGATIVE_INFINITY;

  /**
   * @param byRequests the files that changed during a request
   * @param now real time
   */
  judge(changed: readonly string[], byRequests: ReadonlySet<string>, now: number): Verdict {
    const asked = new Set([...byRequests].map(patternOf));
    const occasions = new Map(
      changed.map(patternOf).map((pattern) => [pattern, this.#occasion(pattern, asked, now)]),
    );
    for (const [pattern, at] of occasions) {
      this.#delays.set(pattern, now - this.#restartedAt);
      if (at === undefined) this.#forgive(pattern);
    }
    const candidates = changed.filter((file) => !this.#leftOut.has(patternOf(file)));
    // Only excluded files changed: keep all counts.
    if (candidates.length === 0) return { restart: [], leftOut: [] };
    const patterns = new Set(candidates.map(patternOf));
    for (const pattern of this.#inARow.keys()) if (!patterns.has(pattern)) this.#inARow.delete(pattern);
    const leftOut = [...patterns].flatMap((files) => this.#count(files, occasions.get(files)));
    return { restart: candidates.filter((file) => !this.#leftOut.has(patternOf(file))), leftOut };
  }

  /** The occasion on which the dynos may have changed a file themselves. */
  #occasion(pattern: string, asked: ReadonlySet<string>, now: number): LeftOut['at'] | undefined {
    if (asked.has(pattern)) return 'requests';
    if (this.#upAt === undefined || now - this.#upAt < SOON_MS) return 'start';
    const last = this.#delays.get(pattern) ?? Number.POSITIVE_INFINITY;
    return Math.abs(now - this.#restartedAt - last) < TIMER_MS ? 'timer' : undefined;
  }

  #count(files: string, at: LeftOut['at'] | undefined): readonly LeftOut[] {
    const inARow = at === undefined ? 0 : (this.#inARow.get(files) ?? 0) + 1;
    this.#inARow.set(files, inARow);
    if (at === undefined || inARow < TOO_OFTEN) return [];
    this.#leftOut.add(files);
    // The timer goes on, and its next change must not be taken for an edit.
    if (at === 'timer') this.#forgiven.add(files);
    return [{ files, at }];
  }

  /** Readmits a file, but only once: some also change now and then by themselves. */
  #forgive(pattern: string): void {
    if (!this.#leftOut.has(pattern) || this.#forgiven.has(pattern)) return;
    this.#forgiven.add(pattern);
    this.#leftOut.delete(pattern);
  }

  /** @param now real time */
  onRestart(now: number): void {
    this.#restartedAt = now;
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
