import type { DynoSizeName } from '../base/sizes.js';
import type { ConfigVar } from '../config/layers.js';
import type { DynoStatus } from '../dynos/dyno.js';

/** What can be seen of an app from outside: plain values, as they are at this moment. */

/** The app itself. */
export interface AppView {
  readonly id: string;
  readonly name: string;
  /** The folder that it runs from. */
  readonly dir: string;
  /** Where the router answers for it. */
  readonly url: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** When the release that runs was made, wall-clock ms. */
  readonly releasedAt: number;
  /** Every request is answered with H80. */
  readonly isInMaintenance: boolean;
  /** The size of its web dynos. */
  readonly size: DynoSizeName;
  /** It sleeps after this long without requests, platform time, ms; undefined: never. */
  readonly sleepsAfterMs?: number;
}

export interface DynoView {
  /** Of its current run; of the dyno itself if nothing runs. */
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
  /** What all its processes use, in bytes: measured when it is asked for, as that takes a while. */
  readonly memory: number | undefined;
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
  readonly isCurrent: boolean;
  /** Whom the log names: `you@example.com`. */
  readonly user: string;
  /** Its release command has been run: there is output to be read. */
  readonly hasOutput: boolean;
  /** Wall-clock ms. */
  readonly createdAt: number;
}

/** What came of a change that makes a release. */
export interface ReleaseChange {
  /** `failed`: its release command failed, and what ran before goes on. `unchanged`: nothing was to be changed. */
  readonly outcome: 'live' | 'failed' | 'unchanged';
  /** The release that was made; the current one if nothing was changed. */
  readonly release: ReleaseView;
  /** What the user should know even though all went well, one line each. */
  readonly warnings: readonly string[];
}

/** Config vars by their names, each with where it comes from. */
export type ConfigVars = Readonly<Record<string, ConfigVar>>;

/** Eco dyno hours. */
export interface QuotaView {
  /** Of the month, ms. */
  readonly quotaMs: number;
  /** Used by this app, ms of platform time. */
  readonly usedMs: number;
}

export interface FeatureView {
  readonly name: string;
  /** `general` for `heroku features`, others for `heroku labs`. */
  readonly state: string;
  readonly description: string;
  readonly docUrl: string;
  readonly isEnabled: boolean;
}

/** Wakes, what they cost, and what sleep has saved: as `dynosim report --json` prints it. */
export interface ReportView {
  readonly wakes: readonly WakeView[];
  readonly totals: {
    readonly wakes: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly maxMs: number;
    readonly hoursUsed: number;
    readonly hoursSaved: number;
    readonly projectedMonthHours: number;
  };
  readonly callers: readonly {
    readonly userAgent: string;
    readonly requests: number;
    readonly isRobot: boolean;
  }[];
}

/** What is unknown is null: who woke the app by hand, the boot of a dyno that crashed. */
export interface WakeView {
  /** ISO 8601. */
  readonly at: string;
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
