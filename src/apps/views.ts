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

export interface FeatureView {
  readonly name: string;
  /** `general` for `heroku features`, others for `heroku labs`. */
  readonly state: string;
  readonly description: string;
  readonly docUrl: string;
  readonly isEnabled: boolean;
}

/** One request, as the router's entry in the log tells it. */
export interface RequestView extends RouterFacts {
  /** Wall-clock ms of its end. */
  readonly at: number;
}
