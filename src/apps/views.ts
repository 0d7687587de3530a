import type { DynoSizeName } from '../base/sizes.js';
import type { ConfigVar } from '../config/layers.js';
import type { DynoStatus } from '../dynos/dyno.js';
import type { RouterFacts } from '../logs/entry.js';

/** An app as seen from outside: plain values that describe this moment. */

/** The app itself. */
export interface AppView {
  readonly id: string;
  readonly name: string;
  /** The folder that it runs from. */
  readonly dir: string;
  /** Where the router answers for the app. */
  readonly url: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** When the release that runs was made, wall-clock ms. */
  readonly releasedAt: number;
  /** Whether no code has been deployed yet. */
  readonly isBlank: boolean;
  /** Of the slug that runs; undefined for an app that runs from its own folder. */
  readonly slugBytes?: number;
  /** What its buildpack calls the code that runs: `Node.js` */
  readonly language?: string;
  /** Whether every request is answered with H80. */
  readonly isInMaintenance: boolean;
  /** The size of its web dynos. */
  readonly size: DynoSizeName;
  /** How long without requests until it sleeps, platform time, ms; undefined if it never does. */
  readonly sleepsAfterMs?: number;
  /** How long until it sleeps if no request comes, platform time, ms; undefined if it sleeps or never does. */
  readonly sleepsInMs?: number;
}

export interface DynoView {
  /** The id of the current run, or of the dyno itself if nothing runs. */
  readonly id: string;
  /** `web.1` */
  readonly name: string;
  /** `web` */
  readonly type: string;
  readonly state: DynoStatus;
  readonly size: DynoSizeName;
  readonly command: string;
  /** The release that runs in it. */
  readonly release: number;
  /** Wall-clock ms of the last change of state. */
  readonly since: number;
  readonly port: number | undefined;
  /** The app's own process. */
  readonly pid: number | undefined;
  /** How many times it has started again: after crashes, when it was restarted or cycled, but not when it woke. */
  readonly restarts: number;
  /** The port on 127.0.0.1 where debuggers reach its Node process, if it has an inspector. */
  readonly inspect: number | undefined;
  /** Memory of all its processes, in bytes. Measured when it is read, which takes a while. */
  readonly memory: number | undefined;
  /** Above it, the log has R14; undefined without limit. Bytes. */
  readonly memoryQuota: number | undefined;
}

export interface FormationView {
  readonly type: string;
  readonly command: string;
  readonly quantity: number;
  readonly size: DynoSizeName;
}

export interface ReleaseView {
  readonly id: string;
  readonly version: number;
  readonly description: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** Why it failed, in one line, if it is not because of its command. */
  readonly failure?: string;
  readonly isCurrent: boolean;
  /** Whether it ran, and its code is still there: to roll back to. */
  readonly canRunAgain: boolean;
  /** The id of its slug; undefined before the first deploy, and for an app that runs from its own folder. */
  readonly slug?: string;
  /** `you@example.com` */
  readonly user: string;
  /** The plans of its add-ons: `heroku-postgresql:essential-0`. */
  readonly addonPlans: readonly string[];
  /** Its release command, if that has been started: there is output to read. */
  readonly command?: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
}

/** The code of a release: the result of a build. */
export interface SlugView {
  readonly id: string;
  readonly commit?: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** Commands by process type. */
  readonly processes: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly language?: string;
}

/** A build of an app's code. */
export interface BuildView {
  readonly id: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** The commit, or what else names the source. */
  readonly sourceVersion: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** Wall-clock ms of the last change of its status. */
  readonly updatedAt: number;
  readonly user: string;
  readonly buildpacks: readonly BuildpackView[];
  /** The version of the release that came of it. */
  readonly release?: number;
}

export interface BuildpackView {
  /** `heroku/nodejs`, or the URL */
  readonly name: string;
  readonly url: string;
}

/** A host name by which the router finds an app. */
export interface DomainView {
  readonly id: string;
  readonly hostname: string;
  /** `heroku`: the one that every app has. */
  readonly kind: 'heroku' | 'custom';
  /** Wall-clock ms. */
  readonly createdAt: number;
}

/** The outcome of a change that makes a release. */
export interface ReleaseChange {
  /**
   * `pending`: its command runs, and if that fails, the previous release keeps running. `unchanged`: there was no change.
   */
  readonly outcome: 'live' | 'pending' | 'unchanged';
  /** The new release, or the current one if nothing changed. */
  readonly release: ReleaseView;
  /** One line each. */
  readonly warnings: readonly string[];
}

/** Config vars by name, each with its origin. */
export type ConfigVars = Readonly<Record<string, ConfigVar>>;

/** Eco dyno hours. */
export interface QuotaView {
  /** Per month, ms. */
  readonly quotaMs: number;
  /** Used this month by this app, ms of platform time. */
  readonly usedMs: number;
  /** Used this month by all apps that share the quota, ms of platform time. */
  readonly allUsedMs: number;
}

export interface FeatureView {
  readonly name: string;
  /** `general` for `heroku features`, others for `heroku labs`. */
  readonly state: string;
  readonly description: string;
  readonly docUrl: string;
  readonly isEnabled: boolean;
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

/** One request, as the router's entry in the log tells it. */
export interface RequestView extends RouterFacts {
  /** Wall-clock ms of its end. */
  readonly at: number;
}

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
  /** How many times it happened. Errors with the same code within ten seconds are one mark. */
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
