import type { AppControl } from '../apps/control.js';
import type { AppView, DynoView, ReleaseView } from '../apps/views.js';

// AppControl is declared in apps/, as an app implements it and apps/ imports nothing of api/.
export type { AppControl, Session } from '../apps/control.js';

/** Everything that can be done to a running dynosim. The host implements it, and so does the HTTP client. */
export interface HostControl {
  info(): Promise<HostView>;
  apps(): Promise<readonly AppView[]>;
  /** @throws UserError `NO_SUCH_APP` */
  app(name: string): Promise<AppControl>;
  /**
   * Makes an app without code.
   * @throws UserError `NAME_TAKEN`, `BAD_APP_NAME`, `ONE_APP` if this is no host of many apps
   */
  createApp(spec: NewAppSpec): Promise<AppView>;
  /**
   * Gives an app another name; its dynos go on.
   * @throws UserError `NO_SUCH_APP`, `NAME_TAKEN`, `BAD_APP_NAME`, `ONE_APP`
   */
  renameApp(name: string, to: string): Promise<AppView>;
  /**
   * Stops an app's dynos and forgets the app, with all that is kept of it.
   * @throws UserError `NO_SUCH_APP`
   */
  destroyApp(name: string): Promise<void>;
  clock(): Promise<ClockView>;
  /** Moves platform time forward; resolves when all that was due has happened and dynos have settled. */
  advanceClock(ms: number): Promise<ClockView>;
  /** First how things stand, then each change, until the signal is aborted or dynosim ends. */
  events(signal: AbortSignal): AsyncIterable<HostEvent>;
  /** Ends dynosim gracefully, a moment later. */
  stop(): Promise<void>;
}

/** The app to make. */
export interface NewAppSpec {
  /** Left out: one is made up, `thawing-inlet-61413`. */
  readonly name?: string;
}

export interface HostView {
  /** Tells this dynosim from every other one there ever was. */
  readonly instance: string;
  readonly pid: number;
  /** Where its router answers. */
  readonly router: string;
  /** The names of its apps. */
  readonly apps: readonly string[];
  /** The folder in which a host of many apps keeps them; undefined for one that runs the app of a folder. */
  readonly state?: string;
}

export interface ClockView {
  /** How many times faster than real time platform time passes. */
  readonly speed: number;
  /** How far platform time is ahead of real time because it was moved forward, ms. */
  readonly skippedMs: number;
}

export type HostEvent =
  /** A dyno is there, or has changed. */
  | ({ readonly event: 'dyno'; readonly app: string } & Pick<
      DynoView,
      'name' | 'type' | 'state' | 'release' | 'since' | 'port' | 'pid'
    >)
  /** A dyno is no longer listed. */
  | { readonly event: 'dyno'; readonly app: string; readonly name: string; readonly state: 'gone' }
  /** A release was made, goes live, fails, or is replaced by another one. */
  | ({ readonly event: 'release'; readonly app: string } & Pick<
      ReleaseView,
      'version' | 'status' | 'description' | 'createdAt' | 'isCurrent'
    >)
  /** All events before this one say how things stood; those that follow are news. */
  | { readonly event: 'current'; readonly apps: readonly string[] }
  | { readonly event: 'app'; readonly app: string; readonly state: 'added' | 'removed' };
