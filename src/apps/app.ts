import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { Exit } from '../base/process.js';
import type { Environment } from '../config/dyno-env.js';
import type { EnvChanges } from '../config/env-edit.js';
import type { RunWorld } from '../dynos/run-plan.js';
import { Supervisor } from '../dynos/supervisor.js';
import type { LogBus } from '../logs/bus.js';
import { Drains } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { Formation } from '../procfile/formation.js';
import { AppDynos } from './app-dynos.js';
import { AppLog, USER } from './app-log.js';
import { WebBackends } from './backends.js';
import { withChanges, writeConfigVars } from './config-change.js';
import { type FeatureName, Features } from './features.js';
import { planFormationRun } from './plan.js';
import { type Release, Releases } from './releases.js';
import { type ReleaseOutcome, Releasing } from './releasing.js';
import { AppSleep, type SleepSettings } from './sleep/app-sleep.js';
import { type AppFiles, type AppSource, describeChange, describeDeploy, newWarnings } from './source.js';
import type { ReleaseView } from './views.js';

export interface AppOptions {
  readonly name: string;
  readonly files: AppFiles;
  /** What the files say now. */
  readonly source: AppSource;
  readonly formation: Formation;
  /** Refuse what the sizes' limits forbid, instead of a remark. */
  readonly isStrict: boolean;
  /** Somebody chose a size: only then do limits of sizes matter to anybody. */
  readonly isSizeAsked: boolean;
  readonly world: RunWorld;
  readonly logs: LogBus;
  /** The environment dynosim was started with. */
  readonly shell: Environment;
  readonly isCleanEnv: boolean;
  /** Tell dynos about app and release by `HEROKU_…` variables. */
  readonly hasDynoMetadata: boolean;
  /** Run the `release` process type when a release is made. */
  readonly hasReleasePhase: boolean;
  /** Left out: the app never sleeps. */
  readonly sleep?: SleepSettings;
  /** Told of every crash before the dyno is started again. */
  onCrash(crash: Crash): void;
}

export interface Crash {
  readonly dyno: string;
  readonly exit: Exit;
}

/** One app: its log, its releases and its dynos. */
export class App {
  readonly id = randomUUID();
  readonly name: string;
  readonly files: AppFiles;
  readonly logs: LogBus;
  /** Where the log is passed on to. */
  readonly drains: Drains;
  readonly features: Features;
  /** The dynos that there are. */
  readonly supervisor: Supervisor;
  /** Changes them. */
  readonly dynos: AppDynos;
  readonly backends: WebBackends;
  readonly sleep: AppSleep;
  /** Wall-clock ms. */
  readonly createdAt: number;
  readonly #log: AppLog;
  readonly #releases = new Releases();
  readonly #releasing: Releasing;
  readonly #writing: { readonly clock: Clock; readonly shell: Environment };
  #isInMaintenance = false;
  /** What the files said when they were last read: only a change of theirs is news. */
  #lastRead: AppSource;

  constructor(options: AppOptions) {
    const { name, files, logs, world, source, hasReleasePhase, onCrash } = options;
    this.name = name;
    this.files = files;
    this.logs = logs;
    this.drains = new Drains(logs, world.time);
    this.createdAt = world.time.wall();
    this.#lastRead = source;
    this.#log = new AppLog(logs, world.time);
    this.#writing = { clock: world.time.real, shell: options.shell };
    this.features = new Features(options.hasDynoMetadata ? ['runtime-dyno-metadata'] : []);
    const settings = { ...options, appId: this.id, appName: name, dir: files.dir, features: this.features };
    const supervisor = new Supervisor({
      world,
      log: (dyno) => this.#log.ofDyno(dyno),
      plan: (type, name) => planFormationRun(settings, this.release, type, name),
      onCrash: (dyno, exit) => onCrash({ dyno, exit }),
    });
    this.supervisor = supervisor;
    this.dynos = new AppDynos({
      ...options,
      settings,
      supervisor,
      log: this.#log,
      current: () => this.release,
      rest: () => this.sleep.sleeper,
    });
    // They hear of a change of the dynos in this order, and none depends on what another makes of it: the sleeper asks
    // the dynos themselves, and the router works out what it needs when it is asked.
    this.sleep = new AppSleep({
      ...(options.sleep && { settings: options.sleep }),
      supervisor,
      dynos: this.dynos,
      time: world.time,
      remark: (line) => this.remark(line),
    });
    this.backends = new WebBackends({
      supervisor,
      sleep: this.sleep,
      isInMaintenance: () => this.#isInMaintenance,
    });
    this.#releasing = new Releasing({
      releases: this.#releases,
      wall: world.time.wall,
      log: this.#log,
      runCommand: hasReleasePhase
        ? (release, command, output) => this.dynos.oneOffs.runRelease(release, command, output)
        : undefined,
    });
  }

  /** The app's folder. */
  get dir(): string {
    return this.files.dir;
  }

  get releases(): Releases {
    return this.#releases;
  }

  /** The release that runs. */
  get release(): Release {
    return this.#releases.current;
  }

  /**
   * Makes the first release and starts the formation.
   * @throws UserError `RELEASE_FAILED`
   */
  async start(): Promise<void> {
    const source = this.#lastRead;
    const { outcome } = await this.#releasing.make(
      () => ({ changes: [describeDeploy(source)], source }),
      () => this.dynos.startAll(),
    );
    if (outcome !== 'failed') return;
    throw new UserError('RELEASE_FAILED', 'The release command failed, so nothing was started');
  }

  /**
   * Makes a release of what the files say, if anybody has changed them.
   * @param read asked when its turn has come: dynosim may have written to the files meanwhile
   */
  deploy(read: () => AppSource): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      () => {
        const source = read();
        for (const warning of newWarnings(this.#lastRead, source)) this.remark(warning);
        const isNews = describeChange(this.#lastRead, source).length > 0;
        this.#lastRead = source;
        return { changes: isNews ? describeChange(this.release.source, source) : [], source };
      },
      (release) => this.dynos.enact(release),
    );
  }

  /**
   * Makes a release with the process types and config vars of an earlier one. No file is changed.
   * @param version without one the last that ran before the current one
   * @param onWarning told what runs now and is not in the files; the log says it, too
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      () => {
        const target = this.#releases.rollbackTarget(version);
        return { changes: [`Rollback to v${target.version}`], source: target.source };
      },
      (release) => {
        this.dynos.enact(release);
        const differing = describeChange(this.#lastRead, release.source);
        if (differing.length === 0) return;
        const warning = `what runs now differs from the files: ${differing.join(', ')}`;
        this.remark(warning);
        onWarning?.(warning);
      },
    );
  }

  /**
   * Sets config vars, or removes them by null: in the env files and, by a release, in all dynos.
   * @param onWarning told what else the user should know; the log says it, too
   * @throws UserError if a value cannot be written
   */
  updateConfigVars(changes: EnvChanges, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      async () => {
        const { configVars, warnings } = await writeConfigVars(this.files, changes, this.#writing);
        for (const warning of warnings) {
          this.remark(warning);
          onWarning?.(warning);
        }
        const before = this.#lastRead;
        // What else has changed in the files is news when they are read again.
        this.#lastRead = { ...before, configVars: withChanges(before.configVars, configVars, changes) };
        const { source } = this.release;
        const { latestConfigVars } = this.#releases;
        const next = { ...source, configVars: withChanges(latestConfigVars, configVars, changes) };
        return { changes: describeChange(source, next), source: next };
      },
      (release) => this.dynos.enact(release),
    );
  }

  /** Switches a feature on or off: for dynos that start from now on. */
  setFeature(name: FeatureName, isEnabled: boolean): void {
    if (this.features.has(name) === isEnabled) return;
    this.features.set(name, isEnabled);
    // In doubt: Heroku's own words are not known.
    this.#log.api(`${isEnabled ? 'Enable' : 'Disable'} feature ${name}`);
  }

  /** Every request is answered with H80, while dynos go on running. */
  get isInMaintenance(): boolean {
    return this.#isInMaintenance;
  }

  /** https://devcenter.heroku.com/articles/maintenance-mode */
  setMaintenance(isOn: boolean): void {
    if (isOn === this.#isInMaintenance) return;
    this.#isInMaintenance = isOn;
    this.backends.onMaintenance();
    // In doubt: Heroku's own words are not known.
    this.#log.api(`${isOn ? 'Enable' : 'Disable'} maintenance mode`);
  }

  /** Oldest first. */
  releaseViews(): readonly ReleaseView[] {
    return this.#releases.list(USER);
  }

  /** SIGTERM to every process; resolves when none is left, which the shutdown timeout sees to. */
  stop(): Promise<void> {
    return this.dynos.stop();
  }

  /** Writes a line of the router's to the app's log. */
  log(entry: LogEntry): void {
    this.logs.write(entry);
  }

  /** A line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.#log.remark(line);
  }
}
