import type { AddonControl } from '../addons/control.js';
import type { AppControl } from '../apps/control.js';
import type { FirstDeploy } from '../apps/requests.js';
import type { AppView, DynoView, ReleaseView } from '../apps/views.js';

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
  /** Yields the current state, then each change, until the signal is aborted or dynosim ends. */
  events(signal: AbortSignal): AsyncIterable<HostEvent>;
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
}

export type HostEvent =
  /** A dyno exists, or has changed. */
  | ({ readonly event: 'dyno'; readonly app: string } & Pick<
      DynoView,
      'name' | 'type' | 'state' | 'release' | 'since' | 'port' | 'pid'
    >)
  /** A dyno is no longer listed. */
  | { readonly event: 'dyno'; readonly app: string; readonly name: string; readonly state: 'gone' }
  /** A release was created, became current, failed, or was superseded. */
  | ({ readonly event: 'release'; readonly app: string } & Pick<
      ReleaseView,
      'version' | 'status' | 'description' | 'createdAt' | 'isCurrent'
    >)
  /** Marks the end of the current state; changes follow. */
  | { readonly event: 'current'; readonly apps: readonly string[] }
  | { readonly event: 'app'; readonly app: string; readonly state: 'added' | 'removed' };
