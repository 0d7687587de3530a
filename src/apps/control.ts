import type { Writable } from 'node:stream';
import type { LogDrain } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { FormationChange } from '../procfile/formation.js';
import type { ConfigChanges, DynoTarget, LogFilter, RunRequest } from './requests.js';
import type {
  AppView,
  ConfigVars,
  DynoView,
  FeatureView,
  FormationView,
  QuotaView,
  ReleaseChange,
  ReleaseView,
  ReportView,
} from './views.js';

/**
 * Everything that can be done to an app, in dynosim's own types. The app itself implements it, and so does the HTTP
 * client: callers need not know which one they have. What goes wrong is a `UserError` with the same code either way.
 */
export interface AppControl {
  readonly name: string;
  info(): Promise<AppView>;

  /** One-off dynos first. */
  dynos(): Promise<readonly DynoView[]>;
  /** By process type, alphabetically. */
  formation(): Promise<readonly FormationView[]>;
  /**
   * Changes how many dynos run, and of which size: all changes or none.
   * @returns the whole formation
   * @throws UserError `UNKNOWN_TYPE`, `TOO_MANY_DYNOS`, `TOO_FEW_DYNOS`, `SIZE_LIMIT`
   */
  scale(changes: readonly FormationChange[]): Promise<readonly FormationView[]>;
  /** @throws UserError `NO_SUCH_DYNO` */
  restart(target: DynoTarget): Promise<void>;
  /**
   * Stops dynos. Those of the formation come back, as on Heroku; one-off dynos end.
   * @throws UserError `NO_SUCH_DYNO`
   */
  stopDynos(target: DynoTarget): Promise<void>;

  /** Runs a command in a one-off dyno whose output goes to the log. */
  runDetached(request: RunRequest): Promise<DynoView>;
  /** Makes a one-off dyno that starts when its client attaches, and is given up after 30 s (R13). */
  runAttached(request: RunRequest): Promise<WaitingDyno>;

  /** Those of the release that runs, or of another one. */
  configVars(version?: number): Promise<ConfigVars>;
  /**
   * Sets config vars, or removes them by null: where they are kept and, by a release, in all dynos.
   * @throws UserError if a value cannot be written
   */
  setConfig(changes: ConfigChanges): Promise<ReleaseChange>;

  /** Oldest first. */
  releases(): Promise<readonly ReleaseView[]>;
  /**
   * What a release command prints, until it has ended.
   * @throws UserError `NO_SUCH_RELEASE`
   */
  releaseOutput(version: number, signal: AbortSignal): AsyncIterable<string>;
  /**
   * Makes a release with the process types and config vars of an earlier one.
   * @param version without one the last that ran before the current one
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number): Promise<ReleaseChange>;

  /** https://devcenter.heroku.com/articles/maintenance-mode */
  setMaintenance(isOn: boolean): Promise<void>;
  features(): Promise<readonly FeatureView[]>;
  /** @throws UserError `NO_SUCH_FEATURE` */
  feature(name: string): Promise<FeatureView>;
  /** @throws UserError `NO_SUCH_FEATURE` */
  setFeature(name: string, isEnabled: boolean): Promise<FeatureView>;

  /** @throws UserError `NEVER_SLEEPS`, `BUSY` */
  sleep(): Promise<void>;
  /** @throws UserError `NEVER_SLEEPS`, `QUOTA_USED` */
  wake(): Promise<void>;
  report(): Promise<ReportView>;
  /** Undefined where there is no quota. */
  quota(): Promise<QuotaView | undefined>;

  /**
   * In batches, as they come: a busy log has thousands of entries a second. Ends when there is no more to come, or when
   * the signal is aborted.
   */
  logs(filter: LogFilter, signal: AbortSignal): AsyncIterable<readonly LogEntry[]>;
  /** Where the log is passed on to, oldest first. */
  drains(): Promise<readonly LogDrain[]>;
  /** @throws UserError `INVALID_DRAIN_URL`, `DRAIN_EXISTS`, `TOO_MANY_DRAINS` */
  addDrain(url: string): Promise<LogDrain>;
  /**
   * Resolves when the drain has sent what it had.
   * @param wanted its id, token or URL
   * @throws UserError `NO_SUCH_DRAIN`
   */
  removeDrain(wanted: string): Promise<LogDrain>;
}

/** A one-off dyno that waits for its client. */
export interface WaitingDyno {
  readonly dyno: DynoView;
  /**
   * Attaches to it, which starts it.
   * @throws UserError `CANNOT_ATTACH` if somebody has done so, or it was given up
   */
  attach(): Promise<Session>;
}

/** A command that runs in a one-off dyno, as its client has it. */
export interface Session {
  /** `run.1234` */
  readonly dyno: string;
  /** What it prints; ends with it. */
  readonly output: AsyncIterable<Buffer>;
  /** Its stdin. */
  readonly input: Writable;
  /** Its exit status; wanted once the output has ended. */
  readonly status: Promise<number>;
  /** Changes the size of its terminal, if it has one. */
  resize(size: { readonly columns: number; readonly rows: number }): void;
  /** Does with a signal to this process what the command should make of it. Without this the process is ended. */
  signal?(signal: EndingSignal): void;
  /** Leaves: the dyno is hung up if it still runs. */
  close(): Promise<void>;
}

export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
