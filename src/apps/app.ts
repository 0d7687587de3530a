import { randomUUID } from 'node:crypto';
import { UserError } from '../base/errors.js';
import type { Exit } from '../base/process.js';
import type { Environment } from '../config/dyno-env.js';
import type { EnvChanges } from '../config/env-edit.js';
import type { ConfigLayer } from '../config/layers.js';
import type { RunWorld } from '../dynos/run-plan.js';
import { Supervisor } from '../dynos/supervisor.js';
import type { LogBus } from '../logs/bus.js';
import { Drains } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { Formation } from '../procfile/formation.js';
import { AppConfig } from './app-config.js';
import { AppDynos } from './app-dynos.js';
import type { AppFiles } from './app-files.js';
import { AppLog, USER } from './app-log.js';
import { describeChange, describeDeploy } from './describe-change.js';
import { type FeatureName, Features } from './features.js';
import { planFormationRun } from './plan.js';
import { type Release, Releases } from './releases.js';
import { type ReleaseOutcome, Releasing } from './releasing.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { AppSleep, type SleepSettings } from './sleep/app-sleep.js';
import type { ReleaseContent, Slug } from './slug.js';
import type { ReleaseView } from './views.js';
import { WebBackends } from './web-backends.js';

export interface AppOptions {
  readonly name: string;
  readonly slug: Slug;
  /** Where its config vars come from: later layers win. */
  readonly layers: readonly ConfigLayer[];
  /** The files that slug and config vars are read from, to be watched. Left out: they come from elsewhere. */
  readonly files?: AppFiles;
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
  /** Called after every crash, before the dyno is started again. */
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
  readonly files: AppFiles | undefined;
  readonly logs: LogBus;
  /** Where the log is passed on to. */
  readonly drains: Drains;
  readonly features: Features;
  /** Those that are in the router. */
  readonly requests = new RequestsInFlight();
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
  readonly #config: AppConfig;
  #isInMaintenance = false;
  /** The last one that was to be deployed. */
  #slug: Slug;

  constructor(options: AppOptions) {
    const { name, files, logs, world, slug, layers, hasReleasePhase, onCrash } = options;
    this.name = name;
    this.files = files;
    this.logs = logs;
    this.drains = new Drains(logs, world.time);
    this.createdAt = world.time.wall();
    this.#slug = slug;
    this.#config = new AppConfig(layers);
    this.#log = new AppLog(logs, world.time);
    this.features = new Features(options.hasDynoMetadata ? ['runtime-dyno-metadata'] : []);
    const { features, requests } = this;
    const settings = { ...options, appId: this.id, appName: name, features, requests };
    const supervisor = new Supervisor({
      world,
      log: (dyno) => this.#log.ofDyno(dyno),
      plan: (type, name) => {
        const size = this.dynos.formation.get(type)?.size;
        return planFormationRun(settings, this.release, { type, name, size });
      },
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
      requests,
      time: world.time,
      remark: (line) => this.remark(line),
    });
    this.backends = new WebBackends({
      supervisor,
      sleep: this.sleep,
      requests,
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
    return this.#slug.dir;
  }

  /** The slug that was deployed last: before the first release nothing runs yet. */
  get slug(): Slug {
    return this.#slug;
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
    const { outcome } = await this.#releasing.make(
      () => ({ changes: [describeDeploy(this.#slug)], content: this.#deployed }),
      () => this.dynos.startAll(),
    );
    if (outcome !== 'failed') return;
    throw new UserError('RELEASE_FAILED', 'The release command failed, so nothing was started');
  }

  /**
   * Makes a release of a slug and of what the config layers say, if anybody has changed them since the last time.
   * @param read called when its turn has come: returns the slug, and has the layers look again
   */
  deploy(read: () => Slug): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      () => {
        const before = this.#deployed;
        this.#slug = read();
        const content = this.#deployed;
        if (describeChange(before, content).length === 0) return { changes: [], content };
        this.#config.followLayers();
        return { changes: describeChange(this.release, content), content };
      },
      (release) => this.dynos.activate(release),
    );
  }

  /**
   * Makes a release with the process types and config vars of an earlier one. No file is changed.
   * @param version without one the last that ran before the current one
   * @param onWarning called with what runs now and is not in the files; the log says it, too
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      () => {
        const { version: to, slug, config } = this.#releases.rollbackTarget(version);
        return {
          changes: [`Rollback to v${to}`],
          content: { slug, config: this.#config.asBefore(config) },
        };
      },
      (release) => {
        this.#config.rollBack(release.config);
        this.dynos.activate(release);
        const differing = describeChange(this.#deployed, release);
        if (differing.length === 0) return;
        const warning = `what runs now differs from the files: ${differing.join(', ')}`;
        this.remark(warning);
        onWarning?.(warning);
      },
    );
  }

  /**
   * Sets config vars, or removes them by null: in their layers and, by a release, in all dynos.
   * @param onWarning called with what else the user should know; the log says it, too
   * @throws UserError if a value cannot be written
   */
  updateConfigVars(changes: EnvChanges, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#releasing.make(
      async () => {
        for (const warning of await this.#config.write(changes)) {
          this.remark(warning);
          onWarning?.(warning);
        }
        const content = { slug: this.release.slug, config: this.#config.vars };
        return { changes: describeChange(this.release, content), content };
      },
      (release) => this.dynos.activate(release),
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

  /** The parts of a release that a deploy would make now. */
  get #deployed(): ReleaseContent {
    return { slug: this.#slug, config: this.#config.layered };
  }

  /** Oldest first. */
  releaseViews(): readonly ReleaseView[] {
    return this.#releases.list(USER);
  }

  /** SIGTERM to every process; resolves when none is left, which the shutdown timeout sees to. */
  async stop(): Promise<void> {
    await this.dynos.stop();
    this.sleep.close();
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
