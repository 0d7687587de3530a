/** An app's sleep as seen from outside. */

/** Eco dyno hours. */
export interface QuotaView {
  /** Per month, ms. */
  readonly quotaMs: number;
  /** Used this month by this app, ms of platform time. */
  readonly usedMs: number;
  /** Used this month by all apps that share the quota, ms of platform time. */
  readonly allUsedMs: number;
}

/** Wakes, their cost, and what sleep has saved, as `dynosim report --json` prints it. */
export interface ReportView {
  /** Oldest first; the last 10,000. */
  readonly wakes: readonly WakeView[];
  /**
   * When it began to sleep, to wake and to be awake, oldest first; the last 4000 changes. The first is the beginning of
   * the report, the last says how it is now.
   */
  readonly history: readonly SleepChangeView[];
  readonly totals: {
    readonly wakes: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly maxMs: number;
    readonly hoursUsed: number;
    readonly hoursSaved: number;
    readonly projectedMonthHours: number;
  };
  /** This month's eco dyno hours; null if there is no limit. */
  readonly quota: {
    readonly hours: number;
    /** Used by this app, also before the start of dynosim. */
    readonly used: number;
    /** Left for all apps that share them. */
    readonly left: number;
  } | null;
  readonly callers: readonly {
    readonly userAgent: string;
    readonly requests: number;
    readonly isRobot: boolean;
  }[];
}

/** A change of an app's sleep. */
export interface SleepChangeView {
  /** ISO 8601, in wall-clock time. */
  readonly at: string;
  /** The same moment in platform time: it is ahead where platform time was moved forward, or runs faster. */
  readonly platformAt: string;
  readonly state: SleepView['state'];
}

/** Null for what is unknown: the request if the user woke the app, the boot time if the dyno crashed. */
export interface WakeView {
  /** ISO 8601, in wall-clock time. */
  readonly at: string;
  /** The same moment in platform time. */
  readonly platformAt: string;
  readonly method: string | null;
  readonly path: string | null;
  readonly client: string | null;
  readonly userAgent: string | null;
  readonly sleptMs: number;
  readonly delayMs: number | null;
  readonly bootMs: number | null;
  readonly firstByteMs: number | null;
  readonly held: number;
  readonly longestWaitMs: number;
}

/** Whether an app sleeps, and when that changes. */
export interface SleepView {
  /** `never`: it has no dynos of a size that sleeps, or sleep is switched off. */
  readonly state: 'awake' | 'asleep' | 'waking' | 'never';
  /** Wall-clock ms of the last change of state. */
  readonly since: number;
  /**
   * When it falls asleep if no request comes: a date in platform time, ms (see `ClockView`). Undefined if it sleeps,
   * never does, or must answer its requests first.
   */
  readonly sleepsAt: number | undefined;
  /** How many requests, including open websockets, keep it awake now. */
  readonly inFlight: number;
  /** Whether the month's dyno hours are used up, so that no request wakes it. */
  readonly isExhausted: boolean;
}
