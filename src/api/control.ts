import type { AddonControl } from '../addons/control.js';
import type { AppControl } from '../apps/control.js';
import type { Mark, MetricsPoint } from '../apps/metrics/views.js';
import type { FirstDeploy } from '../apps/requests.js';
import type { SleepView } from '../apps/sleep/views.js';
import type { AppView, DynoView, ReleaseView, RequestView } from '../apps/views.js';
import type { LogLine } from '../logs/entry.js';

// AppControl is declared in apps/, because apps implement it and apps/ may not import api/.
export type { AppControl, Session } from '../apps/control.js';

/** The operations on a running dynosim. The host and the HTTP client implement them. */
export interface HostControl {
  /** The add-ons of all apps. */
  readonly addons: AddonControl;
  info(): Promise<HostView>;
  apps(): Promise<readonly AppView[]>;
  /** @throws UserError `NO_SUCH_APP` */
  app(name: string): Promise<AppControl>;
  /**
   * Creates an app without code.
   * @throws UserError `NAME_TAKEN`, `BAD_APP_NAME`, `ONE_APP` if this is not a host of many apps
   */
  createApp(spec: NewAppSpec): Promise<AppView>;
  /**
   * Renames an app, whose dynos keep running.
   * @throws UserError `NO_SUCH_APP`, `NAME_TAKEN`, `BAD_APP_NAME`, `ONE_APP`
   */
  renameApp(name: string, to: string): Promise<AppView>;
  /**
   * Stops an app's dynos, and deletes the app and its state.
   * @throws UserError `NO_SUCH_APP`
   */
  destroyApp(name: string): Promise<void>;
  clock(): Promise<ClockView>;
  /** Moves platform time forward. Resolves when all due events have happened and dynos have settled. */
  advanceClock(ms: number): Promise<ClockView>;
  /**
   * Yields the current state, then `current`, then each change, until the signal is aborted or dynosim ends. It ends too
   * for a reader that lags far behind; when that calls it again, it gets the current state.
   * @param wanted by default, dynos, releases and apps alone, of all apps
   * @throws UserError `NO_SUCH_APP`, `BAD_REQUEST`
   */
  events(signal: AbortSignal, wanted?: EventsRequest): AsyncIterable<HostEvent>;
  /** Asks dynosim to stop gracefully. Resolves before it has stopped. */
  stop(): Promise<void>;
}

/** An app to create. */
export interface NewAppSpec {
  /** Default: a generated name, such as `thawing-inlet-61413`. */
  readonly name?: string;
  readonly firstDeploy?: FirstDeploy;
}

export interface HostView {
  /** Unique per start of dynosim. */
  readonly instance: string;
  readonly pid: number;
  /** The router's URL. */
  readonly router: string;
  /** Names. */
  readonly apps: readonly string[];
  /** The state folder of a host of many apps; undefined for a host that runs the app in a folder. */
  readonly state?: string;
}

export interface ClockView {
  /** How many times faster than real time platform time runs. */
  readonly speed: number;
  /** How far platform time has been moved forward, in ms. */
  readonly skippedMs: number;
  /** Now, wall-clock ms. */
  readonly wall: number;
  /** The date in platform time now, ms: after `ms` of real time, it is `platform + ms * speed`. */
  readonly platform: number;
}

/** Events that a reader gets only if it asks for them. */
export const EVENT_KINDS = ['sleep', 'clock', 'requests', 'metrics', 'marks', 'logs'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Which events to read. */
export interface EventsRequest {
  /** Only those of this app, and of the host as a whole. Left out: of all apps. */
  readonly app?: string;
  readonly include?: readonly EventKind[];
}

/** Times are wall-clock ms. */
export type HostEvent =
  /** A dyno exists, or has changed. Its memory changes all the time: see `metrics`. */
  | ({ readonly event: 'dyno'; readonly app: string } & DynoEvent)
  /** A dyno is no longer listed. */
  | { readonly event: 'dyno'; readonly app: string; readonly name: string; readonly state: 'gone' }
  /** A release was created, became current, failed, or was superseded. */
  | ({ readonly event: 'release'; readonly app: string } & Pick<
      ReleaseView,
      'version' | 'status' | 'description' | 'createdAt' | 'isCurrent'
    >)
  /** Marks the end of the current state; changes follow. */
  | { readonly event: 'current'; readonly apps: readonly string[] }
  | { readonly event: 'app'; readonly app: string; readonly state: 'added' | 'removed' }
  /** Included by `sleep`: after every change of state, and at most once a second when `sleepsAt` moves. */
  | ({ readonly event: 'sleep'; readonly app: string } & SleepView)
  /** Included by `clock`: platform time was moved forward, or is not what a reader computes of the last event. */
  | ({ readonly event: 'clock' } & ClockView)
  /** Included by `requests`: a request has ended. At first, the latest ones. */
  | ({ readonly event: 'request'; readonly app: string } & RequestView)
  /** Included by `requests`: this many requests ended without an event of their own, because more than 200 a second do. */
  | { readonly event: 'skipped'; readonly app: string; readonly requests: number }
  /** Included by `metrics`: a second with requests is over, or memory was measured. */
  | ({ readonly event: 'metrics'; readonly app: string } & MetricsEvent)
  /** Included by `marks`. One with the same `at` and `kind` as an earlier one replaces it: its count has grown. */
  | ({ readonly event: 'mark'; readonly app: string } & Mark)
  /** Included by `logs`: lines in the order of their time, at first the latest ones. */
  | {
      readonly event: 'log';
      readonly app: string;
      readonly lines: readonly LogLine[];
      /** How many lines before these are left out: the log was faster than this reader, than 5,000 lines a second or 1,000 at once. */
      readonly skipped: number;
    };

type DynoEvent = Pick<
  DynoView,
  | 'name'
  | 'type'
  | 'state'
  | 'release'
  | 'since'
  | 'port'
  | 'pid'
  | 'size'
  | 'command'
  | 'restarts'
  | 'memoryQuota'
>;

/** One second of an app's metrics. */
interface MetricsEvent extends MetricsPoint {
  /** Bytes by dyno (`web.1`), as measured last. */
  readonly memory: Readonly<Record<string, number>>;
}
