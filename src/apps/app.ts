import { randomId } from '../base/ids.js';
import type { DynoSizeName } from '../base/sizes.js';
import { AppFolderReader } from '../config/app-folder.js';
import type { Environment } from '../config/dyno-env.js';
import type { BuildpackEnv } from '../config/language-env.js';
import type { Crash } from '../dynos/dyno.js';
import { InspectorPorts } from '../dynos/inspector/ports.js';
import type { RunWorld } from '../dynos/run-plan.js';
import { Supervisor } from '../dynos/supervisor.js';
import type { LogBus } from '../logs/bus.js';
import { Drains } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { Formation } from '../procfile/formation.js';
import type { ConfigLayers } from './app-config.js';
import { AppDynos } from './app-dynos.js';
import type { AppFiles } from './app-files.js';
import { AppLog, USER } from './app-log.js';
import { AppReleases } from './app-releases.js';
import { type FeatureName, Features } from './features.js';
import { AppMetrics } from './metrics/app-metrics.js';
import { markChanges, wakeMark } from './metrics/mark-changes.js';
import { type ChosenTypes, type Inspectors, planFormationRun } from './plan.js';
import { describeFailure, type Postdeploy, runPostdeploy } from './postdeploy.js';
import type { PastRelease, Release, ReleaseJournal } from './releases.js';
import type { FirstDeploy } from './requests.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { AppSleep, type SleepSettings } from './sleep/app-sleep.js';
import type { EcoPool } from './sleep/eco-pool.js';
import type { Slug } from './slug.js';
import { WebBackends } from './web-backends.js';

export interface AppOptions {
  readonly name: string;
  /** The same at each start. Default: that of its past, or a random one. */
  readonly id?: string;
  /** The app's state from before the start of dynosim. Undefined: the app is new. */
  readonly past?: AppPast;
  /** Keeps its releases. Undefined: they are lost when dynosim ends. */
  readonly journal?: ReleaseJournal;
  readonly slug: Slug;
  readonly layers: ConfigLayers;
  /** The files of slug and config vars, to be watched. Undefined: there are none. */
  readonly files?: AppFiles;
  readonly formation: Formation;
  /** Of dynos for which nobody chose a size. Default: `Eco`. */
  readonly usualSize?: DynoSizeName;
  /** Only for an app without code. */
  readonly firstDeploy?: FirstDeploy | undefined;
  /** Whether to refuse formations that exceed the limits of sizes, instead of remarking on them. */
  readonly isStrict: boolean;
  /** Whether the user chose a size: otherwise the limits of sizes are not mentioned. */
  readonly isSizeAsked: boolean;
  readonly world: RunWorld;
  readonly logs: LogBus;
  /** The environment dynosim was started with. */
  readonly shell: Environment;
  readonly isCleanEnv: boolean;
  /** Whether its log is shown where there are colors, so that dynos should write them. */
  readonly hasColor: boolean;
  /** Only for an app that runs from its own folder: a build has decided what a slug's dynos get. */
  readonly buildpackEnv: BuildpackEnv;
  /** As in `TreeSpec`, for every dyno. */
  readonly overlay?: string | undefined;
  /** The process types whose dynos have a terminal each instead of pipes. Default: none. */
  readonly terminals?: ChosenTypes;
  /** Default: no dyno has an inspector. */
  readonly inspectors?: Inspectors | undefined;
  /** The memory quota of every dyno in bytes, in place of its size's; Infinity: none. */
  readonly memoryQuota?: number | undefined;
  /** Tell dynos about app and release by `HEROKU_…` variables. */
  readonly hasDynoMetadata: boolean;
  /** Run the `release` process type when a release is made. */
  readonly hasReleasePhase: boolean;
  /** Undefined: the app never sleeps. */
  readonly sleep?: SleepSettings;
  /** The dyno hours that it shares with other apps. Undefined: it has its quota to itself. */
  readonly pool?: EcoPool;
  /** Called after every crash, before the dyno is started again. */
  onCrash(crash: Crash): void;
}

/** An app as it was when dynosim ended. */
export interface AppPast {
  readonly id: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  /** Oldest first. */
  readonly releases: readonly PastRelease[];
  readonly isInMaintenance: boolean;
  readonly features: readonly FeatureName[];
}

/** One app: its log, its releases and its dynos. */
export class App {
  readonly id: string;
  readonly files: AppFiles | undefined;
  readonly logs: LogBus;
  readonly drains: Drains;
  readonly features: Features;
  readonly requests = new RequestsInFlight();
  readonly metrics = new AppMetrics();
  /** Owns the dynos. */
  readonly supervisor: Supervisor;
  /** Changes the dynos. */
  readonly dynos: AppDynos;
  /** Changes the slug and the config vars. */
  readonly releases: AppReleases;
  readonly backends: WebBackends;
  readonly sleep: AppSleep;
  /** Wall-clock ms. */
  readonly createdAt: number;
  readonly #log: AppLog;
  readonly #wall: () => number;
  #name: string;
  #isInMaintenance: boolean;
  #postdeploy: Postdeploy | undefined;

  constructor(options: AppOptions) {
    const { name, past, files, logs, world, hasReleasePhase, onCrash } = options;
    this.#name = name;
    this.#wall = world.time.wall;
    this.id = options.id ?? past?.id ?? randomId();
    this.#isInMaintenance = past?.isInMaintenance ?? false;
    this.files = files;
    this.logs = logs;
    this.drains = new Drains(logs, world.time);
    this.createdAt = past?.createdAt ?? world.time.wall();
    this.#log = new AppLog(logs, world.time);
    logs.subscribe((entry) => this.metrics.take(entry));
    this.releases = new AppReleases({
      appName: () => this.#name,
      past: past?.releases,
      journal: options.journal,
      slug: options.slug,
      layers: options.layers,
      files,
      wall: world.time.wall,
      log: this.#log,
      runCommand: hasReleasePhase
        ? (release, command, output) => this.dynos.oneOffs.runToEnd('release', release, command, output)
        : undefined,
      activate: (release, isFirst) => {
        this.dynos.activate(release, isFirst);
        if (isFirst) this.#runPostdeploy(release, options.firstDeploy?.postdeploy);
      },
    });
    this.features = new Features(
      past?.features ?? (options.hasDynoMetadata ? ['runtime-dyno-metadata'] : []),
    );
    const { features, requests } = this;
    const settings = {
      ...options,
      appId: this.id,
      appName: () => this.#name,
      folders: new AppFolderReader(),
      inspectorPorts: new InspectorPorts(options.inspectors?.firstPort),
      features,
      requests,
      onMemory: (dyno: string, bytes: number) => this.metrics.memory.add(dyno, world.time.wall(), bytes),
    };
    const supervisor = new Supervisor({
      world,
      log: (dyno) => this.#log.ofDyno(dyno),
      plan: (type, name) => {
        const size = this.dynos.formation.get(type)?.size;
        return planFormationRun(settings, this.release, { type, name, size });
      },
      hasPreboot: () => features.has('preboot'),
      onCrash,
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
    // Both listen for changes of the dynos. The order does not matter: the sleeper asks the dynos themselves, and the
    // router computes what it needs when it is asked.
    this.sleep = new AppSleep({
      appId: this.id,
      ...(options.sleep && { settings: options.sleep }),
      ...(options.pool && { pool: options.pool }),
      supervisor,
      dynos: this.dynos,
      requests,
      time: world.time,
      remark: (line) => this.remark(line),
      onWoken: (wake) => this.metrics.marks.add(wakeMark(wake)),
    });
    markChanges(this.metrics.marks, {
      sleeper: this.sleep.sleeper,
      releases: this.releases.history,
      wall: this.#wall,
    });
    this.backends = new WebBackends({
      supervisor,
      sleep: this.sleep,
      requests,
      isInMaintenance: () => this.#isInMaintenance,
      isBlank: () => this.releases.isBlank,
    });
  }

  get name(): string {
    return this.#name;
  }

  /** Wall-clock ms. */
  get now(): number {
    return this.#wall();
  }

  /** Dynos that start from now on get the new name. */
  rename(name: string): void {
    this.#name = name;
  }

  /** The app's folder. */
  get dir(): string {
    return this.releases.slug.dir;
  }

  /** The release that runs. */
  get release(): Release {
    return this.releases.history.current;
  }

  /**
   * Makes the first release, or continues with the last one, and starts the formation. An app that continues begins
   * asleep, if it can sleep.
   * @throws UserError `RELEASE_FAILED`
   */
  async start(): Promise<void> {
    if (!this.releases.history.hasRun) await this.releases.makeFirst();
    else if (this.dynos.canSleep) this.sleep.sleeper.sleepNow();
    this.sleep.begin();
    this.dynos.startAll();
  }

  /** Its postdeploy script, if that runs or has run since the start of dynosim. */
  get postdeploy(): Postdeploy | undefined {
    return this.#postdeploy;
  }

  #runPostdeploy(release: Release, command: string | undefined): void {
    if (command === undefined) return;
    this.#postdeploy = runPostdeploy(command, release, this.dynos.oneOffs);
    void this.#postdeploy.failure.then((why) => {
      if (why !== undefined) this.remark(describeFailure(why));
    });
  }

  /** Switches a feature on or off for dynos that start from now on. */
  setFeature(name: FeatureName, isEnabled: boolean): void {
    if (this.features.has(name) === isEnabled) return;
    this.features.set(name, isEnabled);
    // In doubt: Heroku's own words are not known.
    this.#log.api(`${isEnabled ? 'Enable' : 'Disable'} feature ${name}`);
  }

  /** Whether every request is answered with H80; dynos keep running. */
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

  /**
   * Sends SIGTERM to every process; resolves when none is left, after the shutdown timeout at the latest, and the release
   * whose command was stopped is kept as failed.
   */
  async stop(): Promise<void> {
    this.supervisor.stop();
    await this.supervisor.gone();
    await this.releases.over();
    this.sleep.close();
  }

  /** Logs how a build goes. */
  logBuild(line: string, namesUser = false): void {
    this.#log.platform(namesUser ? `${line} ${USER}` : line);
  }

  /** Logs a line of a server that belongs to one of its add-ons: `app[postgres.1]: …`. */
  logServer(process: string, line: string): void {
    this.#log.server(process, line);
  }

  /** Writes a line of the router to the app's log. */
  log(entry: LogEntry): void {
    this.logs.write(entry);
  }

  /** Logs a line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.#log.remark(line);
  }

  /** Logs a line of dynosim's own that a later one will sum up. */
  detail(line: string): void {
    this.#log.detail(line);
  }

  /** Marks the routine lines of dynos as details until the result is called, or they crash. */
  sumUp(dynos: ReadonlySet<string>): () => void {
    return this.#log.sumUp(dynos);
  }
}
