import type { Writable } from 'node:stream';
import type { LogDrain } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { FormationChange } from '../procfile/formation.js';
import type { MetricsView, MetricsWindow } from './metrics/views.js';
import type {
  ArchiveRequest,
  ConfigChanges,
  DynoTarget,
  ExecRequest,
  LogFilter,
  ReleaseRequest,
  RunRequest,
  SignalRequest,
} from './requests.js';
import type { QuotaView, ReportView } from './sleep/views.js';
import type {
  AppView,
  BuildpackView,
  BuildView,
  ConfigVars,
  DomainView,
  DynoView,
  FeatureView,
  FormationView,
  ReleaseChange,
  ReleaseView,
  SlugView,
} from './views.js';

/**
 * All operations on an app, in dynosim's own types. The app itself and the HTTP client implement it, and throw the
 * same `UserError`s, so callers need not know which one they have.
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

  /**
   * Sends a signal to every process of a dyno, as something outside of the platform would: if the dyno ends by that, it
   * has crashed.
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS` if nothing runs in it
   */
  signalDyno(request: SignalRequest): Promise<void>;

  /** Runs a command in a one-off dyno whose output goes to the log. */
  runDetached(request: RunRequest): Promise<DynoView>;
  /** Makes a one-off dyno that starts when its client attaches, within 30 s (R13). */
  runAttached(request: RunRequest): Promise<WaitingDyno>;
  /**
   * Attaches to the current run of any dyno, beside its log and other clients. It neither waits for the client nor ends
   * with it.
   * @param dyno `web.1`
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS` if nothing runs in it
   */
  attach(dyno: string): Promise<Session>;
  /**
   * Runs a command beside a dyno: in its folder, with its environment and its PORT. It ends with the dyno's current run.
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS` if nothing runs in it, or the system's error if it cannot start
   */
  exec(request: ExecRequest): Promise<Session>;

  /** The config vars that are set, or those of a release. */
  configVars(version?: number): Promise<ConfigVars>;
  /**
   * Sets config vars, or removes those that are null: where they are kept and, by a release, in all dynos. Like all that
   * make releases, it resolves when the release is live or, if it has a command, before that runs.
   * @throws UserError if a value cannot be written
   */
  setConfig(changes: ConfigChanges): Promise<ReleaseChange>;

  /** Oldest first. */
  releases(): Promise<readonly ReleaseView[]>;
  /**
   * The output of a release command, until it has ended and the release is live or has failed.
   * @throws UserError `NO_SUCH_RELEASE`
   */
  releaseOutput(version: number, signal: AbortSignal): AsyncIterable<string>;
  /**
   * Makes a release with the process types and config vars of an earlier one.
   * @param version by default, the last one that ran before the current release
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number): Promise<ReleaseChange>;
  /**
   * Makes a release of code that was released before, with the config vars that are set now.
   * @throws UserError `NO_SUCH_SLUG`
   */
  release(request: ReleaseRequest): Promise<ReleaseChange>;

  /** @throws UserError `NO_SUCH_SLUG` */
  slug(id: string): Promise<SlugView>;
  /** Bytes of the repository that is pushed to; 0 if none is. */
  repoBytes(): Promise<number>;

  /**
   * Builds a folder as it is, and releases it.
   * @param dir absolute, on the machine of the app
   * @returns the build, which is still running
   * @throws UserError `NO_FOLDER`, `ONE_APP` if the app runs from its own folder
   */
  deploy(dir: string): Promise<BuildView>;
  /**
   * Builds an archive, and releases it.
   * @returns the build, which goes on
   * @throws UserError `BAD_URL`, `NO_SUCH_SOURCE`, `NO_SUCH_BUILDPACK`, `ONE_APP`
   */
  deployArchive(archive: ArchiveRequest): Promise<BuildView>;
  /**
   * Removes what builds have kept for later ones, as soon as no build of the app runs.
   * @throws UserError `ONE_APP`
   */
  purgeBuildCache(): Promise<void>;
  /** Oldest first. */
  builds(): Promise<readonly BuildView[]>;
  /**
   * The output of a build, until it has ended.
   * @throws UserError `NO_SUCH_BUILD`
   */
  buildOutput(id: string, signal: AbortSignal): AsyncIterable<string>;
  /** @throws UserError `NO_SUCH_BUILD`, `BUILD_ENDED` */
  cancelBuild(id: string): Promise<void>;
  /** In the order in which they build: set, or detected by the last build. */
  buildpacks(): Promise<readonly BuildpackView[]>;
  /**
   * @param names `heroku/nodejs`, `file:///path/to/it`, or `none`
   * @throws UserError `NO_SUCH_BUILDPACK`, `ONE_APP`
   */
  setBuildpacks(names: readonly string[]): Promise<readonly BuildpackView[]>;
  /** The first is the one that every app has. */
  domains(): Promise<readonly DomainView[]>;
  /** @throws UserError `BAD_DOMAIN`, `DOMAIN_TAKEN`, `ONE_APP` */
  addDomain(hostname: string): Promise<DomainView>;
  /** @throws UserError `NO_SUCH_DOMAIN`, `ONE_APP` */
  removeDomain(hostname: string): Promise<DomainView>;

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
  /** Begins the report anew, and gives the app back the dyno hours that it has used this month. */
  resetReport(): Promise<void>;
  /** Requests, memory and what explains their changes, of the last minutes or hours. Measures the dynos' memory now. */
  metrics(window: MetricsWindow): Promise<MetricsView>;
  /** Undefined if there is no quota. */
  quota(): Promise<QuotaView | undefined>;

  /**
   * Yields entries in batches as they come: a busy log has thousands a second. Ends after the last one, or when the
   * signal is aborted.
   */
  logs(filter: LogFilter, signal: AbortSignal): AsyncIterable<readonly LogEntry[]>;
  /** Oldest first. */
  drains(): Promise<readonly LogDrain[]>;
  /** @throws UserError `INVALID_DRAIN_URL`, `DRAIN_EXISTS`, `TOO_MANY_DRAINS` */
  addDrain(url: string): Promise<LogDrain>;
  /**
   * Resolves when the drain has sent its buffered lines.
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
   * @throws UserError `CANNOT_ATTACH` if another client has attached, or it is too late
   */
  attach(): Promise<Session>;
}

/** A client's session with a command in a dyno. */
export interface Session {
  /** `run.1234`, `web.1` */
  readonly dyno: string;
  /** The command's output; ends with it. */
  readonly output: AsyncIterable<Buffer>;
  /** The command's stdin, which ends with the input of the client for which the command runs. */
  readonly input: Writable;
  /** The command's exit status. Read the output to its end first. */
  readonly status: Promise<number>;
  /** Whether the command has a terminal of its own, instead of pipes. */
  readonly hasTerminal: boolean;
  /** Resizes the command's terminal, if it has one. */
  resize(size: { readonly columns: number; readonly rows: number }): void;
  /** Sends SIGINT to all processes of the dyno, as Ctrl-C does. */
  interrupt(): void;
  /** Handles a signal to this process on the command's behalf. Without this method the signal ends the process. */
  signal?(signal: EndingSignal): void;
  /** Leaves. If the command runs for this client and still runs, it gets SIGHUP. */
  close(): Promise<void>;
}

export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
