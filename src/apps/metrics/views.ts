/** An app's metrics as seen from outside. */

/** How far back metrics go: `5m` in steps of a second, `1h` of ten seconds, `24h` of a minute. */
export type MetricsWindow = '5m' | '1h' | '24h';

/** By the first digit of the status. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** The requests that ended within some time. */
export interface RequestCounts {
  readonly requests: number;
  /** How many of them waited in the router for a dyno. */
  readonly held: number;
  readonly statuses: Readonly<Record<StatusClass, number>>;
  /**
   * How long clients waited for the end of the response, from the arrival of the request; without websockets. Accurate to
   * 5 %, the longest one exactly; null without requests.
   */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** The requests of one step. */
export interface MetricsPoint extends RequestCounts {
  /** Wall-clock ms of the step's beginning. */
  readonly at: number;
}

/** Something that explains a change in the metrics. */
export interface Mark {
  /** Wall-clock ms. */
  readonly at: number;
  readonly kind: MarkKind;
  /** In a few words: `v7 Set GREETING config vars` */
  readonly text: string;
  /** `web.1`; null if it concerns the app as a whole. */
  readonly dyno: string | null;
  /** How many times it happened. Errors with the same code within ten seconds are one mark, a restart of several dynos is one. */
  readonly count: number;
}

type MarkKind =
  | 'release'
  | 'scale'
  | 'restart'
  | 'cycle'
  | 'crash'
  | 'sleep'
  | 'wake'
  | 'maintenance'
  /** Platform time was moved forward: on an axis of wall-clock time, this is a fold. */
  | 'advance'
  /** An error code: `H12`, `R14` */
  | `H${number}`
  | `R${number}`;

/** The memory of one dyno. */
export interface DynoMemoryView {
  /** `web.1` */
  readonly dyno: string;
  /** Bytes, now; null if it has no process, or has gone. */
  readonly memory: number | null;
  /** Bytes; null without limit, or if it has gone. */
  readonly memoryQuota: number | null;
  /**
   * The most that was measured in each step, of ten seconds at least, oldest first. Nothing is measured for metrics while
   * nobody looks.
   */
  readonly points: readonly {
    /** Wall-clock ms of the step's beginning. */
    readonly at: number;
    readonly bytes: number;
  }[];
}

/** An app's requests, memory and events within a window, as `dynosim metrics --json` prints it. */
export interface MetricsView {
  readonly window: MetricsWindow;
  /** Wall-clock ms. */
  readonly from: number;
  /** Wall-clock ms: now. */
  readonly until: number;
  readonly stepMs: number;
  readonly totals: RequestCounts;
  /** The steps with requests, oldest first. */
  readonly points: readonly MetricsPoint[];
  readonly dynos: readonly DynoMemoryView[];
  /** Oldest first. */
  readonly marks: readonly Mark[];
}
