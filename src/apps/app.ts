import { randomUUID } from 'node:crypto';
import { UserError } from '../base/errors.js';
import type { Environment } from '../config/dyno-env.js';
import type { BuildpackEnv } from '../config/language-env.js';
import type { Config, VarChanges } from '../config/layers.js';
import type { Crash } from '../dynos/dyno.js';
import type { RunWorld } from '../dynos/run-plan.js';
import { Supervisor } from '../dynos/supervisor.js';
import type { LogBus } from '../logs/bus.js';
import { Drains } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { Formation } from '../procfile/formation.js';
import { AppConfig, type ConfigLayers } from './app-config.js';
import { AppDynos } from './app-dynos.js';
import type { AppFiles } from './app-files.js';
import { AppLog, USER } from './app-log.js';
import { describeChange, describeDeploy } from './describe-change.js';
import { type FeatureName, Features } from './features.js';
import { planFormationRun } from './plan.js';
import { type PastRelease, type Release, type ReleaseJournal, Releases } from './releases.js';
import { type OnCreated, type Proposal, type ReleaseOutcome, Releasing } from './releasing.js';
import type { ReleaseRequest } from './requests.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { AppSleep, type SleepSettings } from './sleep/app-sleep.js';
import type { EcoPool } from './sleep/eco-pool.js';
import type { ReleaseContent, Slug } from './slug.js';
import type { ReleaseView } from './views.js';
import { WebBackends } from './web-backends.js';

export interface AppOptions {
  readonly name: string;
  /** The app's state from before the start of dynosim. Undefined: the app is new. */
  readonly past?: AppPast;
  /** Keeps its releases. Undefined: they are lost when dynosim ends. */
  readonly journal?: ReleaseJournal;
  readonly slug: Slug;
  readonly layers: ConfigLayers;
  /** The files of slug and config vars, to be watched. Undefined: there are none. */
  readonly files?: AppFiles;
  readonly formation: Formation;
  /** Whether to refuse formations that exceed the limits of sizes, instead of remarking on them. */
  readonly isStrict: boolean;
  /** Whether the user chose a size: otherwise the limits of sizes are not mentioned. */
  readonly isSizeAsked: boolean;
  readonly world: RunWorld;
  readonly logs: LogBus;
  /** The environment dynosim was started with. */
  readonly shell: Environment;
  readonly isCleanEnv: boolean;
  /** Only for an app that runs from its own folder: a build has decided what a slug's dynos get. */
  readonly buildpackEnv: BuildpackEnv;
  /** As in `TreeSpec`, for every dyno. */
  readonly overlay?: string | undefined;
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
  /** Owns the dynos. */
  readonly supervisor: Supervisor;
  /** Changes the dynos. */
  readonly dynos: AppDynos;
  readonly backends: WebBackends;
  readonly sleep: AppSleep;
  /** Wall-clock ms. */
  readonly createdAt: number;
  readonly #log: AppLog;
  readonly #releases: Releases;
  readonly #releasing: Releasing;
  readonly #config: AppConfig;
  #name: string;
  #isInMaintenance: boolean;
  #slug: Slug;

  constructor(options: AppOptions) {
    const { name, past, journal, files, logs, world, slug, layers, hasReleasePhase, onCrash } = options;
    this.#name = name;
    this.id = past?.id ?? randomUUID();
    this.#releases = new Releases(past?.releases, journal);
    this.#isInMaintenance = past?.isInMaintenance ?? false;
    this.files = files;
    this.logs = logs;
    this.drains = new Drains(logs, world.time);
    this.createdAt = past?.createdAt ?? world.time.wall();
    this.#slug = slug;
    this.#config = new AppConfig(layers);
    this.#log = new AppLog(logs, world.time);
    this.features = new Features(
      past?.features ?? (options.hasDynoMetadata ? ['runtime-dyno-metadata'] : []),
    );
    const { features, requests } = this;
    const settings = { ...options, appId: this.id, appName: () => this.#name, features, requests };
    const supervisor = new Supervisor({
      world,
      log: (dyno) => this.#log.ofDyno(dyno),
      plan: (type, name) => {
        const size = this.dynos.formation.get(type)?.size;
        return planFormationRun(settings, this.release, { type, name, size });
      },
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
      ...(options.sleep && { settings: options.sleep }),
      ...(options.pool && { pool: options.pool }),
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
      isBlank: () => this.isBlank,
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

  get name(): string {
    return this.#name;
  }

  /** Dynos that start from now on get the new name. */
  rename(name: string): void {
    this.#name = name;
  }

  /** The app's folder. */
  get dir(): string {
    return this.#slug.dir;
  }

  /** The slug of the last deploy or rollback; a deploy counts even if its release failed. */
  get slug(): Slug {
    return this.#slug;
  }

  /** The config vars that are set, even if the release that set them failed. */
  get configVars(): Config {
    return this.#config.vars;
  }

  get releases(): Releases {
    return this.#releases;
  }

  /** The release that runs. */
  get release(): Release {
    return this.#releases.current;
  }

  /**
   * Makes the first release, or continues with the last one, and starts the formation. An app that continues begins
   * asleep, if it can sleep.
   * @throws UserError `RELEASE_FAILED`
   */
  async start(): Promise<void> {
    if (this.#releases.hasRun) {
      if (this.dynos.canSleep) this.sleep.sleeper.sleepNow();
      return this.dynos.startAll();
    }
    // Heroku makes two releases for an app without code.
    const firsts = this.#slug.isBlank ? ['Initial release', 'Enable Logplex'] : [describeDeploy(this.#slug)];
    for (const change of firsts) await this.#makeFirst(change);
    this.dynos.startAll();
  }

  async #makeFirst(change: string): Promise<void> {
    const { outcome } = await this.#releasing.make(
      () => ({ changes: [change], content: this.#set }),
      () => {},
    );
    if (outcome !== 'failed') return;
    throw new UserError('RELEASE_FAILED', 'The release command failed, so nothing was started');
  }

  /**
   * Makes a release of what is new, if anything is. All else stays as it is set, also after a rollback.
   * @param read called when it is this deploy's turn: reads the config layers again, and returns the slug if it is new
   * @param onCreated called before the release command runs
   */
  deploy(read: () => Slug | undefined | Promise<Slug>, onCreated?: OnCreated): Promise<ReleaseOutcome> {
    return this.#make(
      async () => {
        const before = this.#set;
        this.#slug = (await read()) ?? this.#slug;
        const isNew = describeChange(before, this.#set).length > 0;
        return isNew ? this.#proposal() : { changes: [], content: before };
      },
      (release) => this.#compareWithFiles(release),
      onCreated,
    );
  }

  /**
   * Makes a release of code that was released before, with the config vars that are set.
   * @param onCreated called before the release command runs
   * @throws UserError `NO_SUCH_SLUG`
   */
  releaseAgain({ slug, description }: ReleaseRequest, onCreated?: OnCreated): Promise<ReleaseOutcome> {
    return this.#make(
      () => {
        if (slug !== undefined) this.#slug = this.#releases.slug(slug);
        if (this.#slug.isBlank)
          throw new UserError('NO_SUCH_SLUG', `Nothing has been deployed to ${this.name}`);
        const change = description ?? describeDeploy(this.#slug);
        return { changes: [change], content: this.#set };
      },
      undefined,
      onCreated,
    );
  }

  /**
   * Makes a release with the process types and config vars of an earlier one. No file is changed.
   * @param version by default, the last one that ran before the current release
   * @param onWarning called, in addition to the log, if the release differs from the files
   * @throws UserError `NO_SUCH_RELEASE`, `CANNOT_ROLL_BACK`
   */
  rollback(version?: number, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#make(
      () => {
        const { version: to, slug, config } = this.#releases.rollbackTarget(version);
        return {
          changes: [`Rollback to v${to}`],
          content: { slug, config: this.#config.asBefore(config) },
        };
      },
      async (release) => {
        this.#slug = release.slug;
        await this.#config.rollBack(release.config);
        this.#compareWithFiles(release, onWarning);
      },
    );
  }

  /**
   * Sets config vars, or removes those that are null: at their source and, by a release, in all dynos.
   * @param onWarning called with each warning, which is logged, too
   * @throws UserError if a value cannot be written
   */
  updateConfigVars(changes: VarChanges, onWarning?: (warning: string) => void): Promise<ReleaseOutcome> {
    return this.#make(async () => {
      for (const warning of await this.#config.write(changes)) this.#warn(warning, onWarning);
      return this.#proposal();
    });
  }

  /** @param onLive called once its dynos restart */
  #make(
    propose: () => Proposal | Promise<Proposal>,
    onLive: (release: Release) => void | Promise<void> = () => {},
    onCreated?: OnCreated,
  ): Promise<ReleaseOutcome> {
    let isFirst = false;
    return this.#releasing.make(
      async () => {
        const wasBlank = this.isBlank;
        const proposal = await propose();
        isFirst = wasBlank && !proposal.content.slug.isBlank;
        return proposal;
      },
      async (release) => {
        this.dynos.activate(release, isFirst);
        await onLive(release);
      },
      onCreated,
    );
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

  /** Whether no code has ever run. */
  get isBlank(): boolean {
    const { isBlank = false } = this.#releases.hasRun ? this.release.slug : this.#slug;
    return isBlank;
  }

  /** What is set, and would be released now. */
  get #set(): ReleaseContent {
    return { slug: this.#slug, config: this.#config.vars };
  }

  #proposal(): Proposal {
    const content = this.#set;
    return { changes: describeChange(this.release, content), content };
  }

  #compareWithFiles(release: Release, onWarning?: (warning: string) => void): void {
    const differing = this.files?.differences(release) ?? [];
    if (differing.length > 0)
      this.#warn(`what runs now differs from the files: ${differing.join(', ')}`, onWarning);
  }

  #warn(warning: string, onWarning?: (warning: string) => void): void {
    this.remark(warning);
    onWarning?.(warning);
  }

  /** Oldest first. */
  releaseViews(): readonly ReleaseView[] {
    return this.#releases.list(USER);
  }

  /** Sends SIGTERM to every process; resolves when none is left, after the shutdown timeout at the latest. */
  async stop(): Promise<void> {
    this.supervisor.stop();
    await this.supervisor.gone();
    this.sleep.close();
  }

  /** Logs how a build goes. */
  logBuild(line: string, namesUser = false): void {
    this.#log.platform(namesUser ? `${line} ${USER}` : line);
  }

  /** Writes a line of the router to the app's log. */
  log(entry: LogEntry): void {
    this.logs.write(entry);
  }

  /** Logs a line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.#log.remark(line);
  }
}
