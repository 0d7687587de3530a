import { randomUUID } from 'node:crypto';
import type { Time } from '../base/clock.js';
import { appBinDirs, buildDynoEnv, type DynoMetadata, type Environment } from '../config/dyno-env.js';
import { bashCommand } from '../dynos/command.js';
import type { Dyno } from '../dynos/dyno.js';
import { kindOf } from '../dynos/kinds.js';
import type { RunPlan, RunWorld } from '../dynos/live-run.js';
import type { Exit } from '../dynos/process.js';
import { Supervisor } from '../dynos/supervisor.js';
import type { LogBus } from '../logs/bus.js';
import type { LogEntry } from '../logs/entry.js';
import type { Formation } from '../procfile/formation.js';
import type { Backends } from '../router/backends.js';
import { WebBackends } from './backends.js';
import { createDynoLog } from './dyno-log.js';
import { type Release, Releases } from './releases.js';
import { type AppFiles, type AppSource, describeChange, describeDeploy } from './source.js';

/** Whom the log names as having done what the API did. */
const USER = 'you@example.com';

export interface AppOptions {
  readonly name: string;
  readonly files: AppFiles;
  /** What the files say now. */
  readonly source: AppSource;
  readonly formation: Formation;
  readonly world: RunWorld;
  readonly logs: LogBus;
  /** The environment dynosim was started with. */
  readonly shell: Environment;
  readonly isCleanEnv: boolean;
  /** Tell dynos about app and release by `HEROKU_…` variables. */
  readonly hasDynoMetadata: boolean;
  /** Told of every crash before the dyno is started again. */
  onCrash(crash: Crash): void;
}

export interface Crash {
  readonly dyno: string;
  readonly exit: Exit;
}

/** One app: its log, its releases, its formation and the dynos that come of them. */
export class App {
  readonly id = randomUUID();
  readonly name: string;
  readonly files: AppFiles;
  readonly logs: LogBus;
  readonly backends: Backends;
  readonly #options: AppOptions;
  readonly #time: Time;
  readonly #releases = new Releases();
  readonly #supervisor: Supervisor;
  #formation: Formation;

  constructor(options: AppOptions) {
    this.name = options.name;
    this.files = options.files;
    this.#options = options;
    this.#time = options.world.time;
    this.#formation = options.formation;
    this.logs = options.logs;
    this.#supervisor = new Supervisor({
      world: options.world,
      log: (dyno) => createDynoLog(dyno, this.logs, this.#time.real, this.#time.wall),
      plan: (type, dyno) => this.#plan(type, dyno),
      onCrash: (dyno, exit) => options.onCrash({ dyno, exit }),
    });
    this.backends = new WebBackends(this.#supervisor);
  }

  /** The app's folder. */
  get dir(): string {
    return this.files.dir;
  }

  get formation(): Formation {
    return this.#formation;
  }

  get dynos(): readonly Dyno[] {
    return this.#supervisor.dynos();
  }

  get release(): Release {
    return this.#releases.current;
  }

  /** Makes the first release and starts the formation. */
  start(): void {
    const { source } = this.#options;
    this.#release([describeDeploy(source)], source);
    this.#sayFormation();
    for (const [type, { quantity }] of this.#formation) {
      this.#supervisor.scale(type, quantity, { isFirst: true });
    }
  }

  /**
   * Makes a release of what the files say now, if that is new: dynos of types that are gone stop, all others
   * restart, new types start at 0, as on Heroku.
   */
  deploy(source: AppSource): void {
    const changes = describeChange(this.release.source, source);
    if (changes.length === 0) return;
    this.#release(changes, source);
    const types = [...source.processes.keys()].filter((type) => type !== 'release');
    for (const type of this.#formation.keys()) if (!types.includes(type)) this.#supervisor.scale(type, 0);
    for (const type of types) if (!this.#formation.has(type)) this.#sayNewType(type);
    this.#formation = new Map(types.map((type) => [type, this.#formation.get(type) ?? this.#newEntry()]));
    this.#supervisor.restart();
  }

  /** SIGTERM to every process; resolves when none is left, which the shutdown timeout sees to. */
  async stop(): Promise<void> {
    this.#supervisor.stop('shutdown');
    await this.#supervisor.gone();
  }

  /** SIGKILL to every process that is left. */
  kill(): void {
    this.#supervisor.kill();
  }

  /** Writes a line of the router's to the app's log. */
  log(entry: LogEntry): void {
    this.logs.write(entry);
  }

  /** A line of dynosim's own about the app as a whole. */
  remark(line: string): void {
    this.logs.write({ at: this.#time.wall(), source: 'dynosim', dyno: 'api', line });
  }

  #plan(type: string, dyno: string): RunPlan {
    const { isCleanEnv, shell } = this.#options;
    const { dir } = this;
    const { version, source } = this.release;
    const command = source.processes.get(type)?.command ?? '';
    return {
      kind: kindOf(type),
      command,
      release: version,
      delayMs: 0,
      spec: ({ port, runId }) => ({
        name: dyno,
        cwd: dir,
        command: bashCommand(command, dir),
        env: buildDynoEnv({
          shell,
          isClean: isCleanEnv,
          configVars: source.configVars,
          dyno,
          port,
          binDirs: appBinDirs(dir),
          ...this.#metadata(runId),
        }),
      }),
    };
  }

  #metadata(dynoId: string): { metadata?: DynoMetadata } {
    if (!this.#options.hasDynoMetadata) return {};
    const { version, createdAt, description } = this.release;
    return {
      metadata: {
        appId: this.id,
        appName: this.name,
        domain: `${this.name}.localhost`,
        dynoId,
        release: { version, createdAt, description },
      },
    };
  }

  #release(changes: readonly string[], source: AppSource): void {
    const { version } = this.#releases.create(changes.join('; '), this.#time.wall(), source);
    for (const change of changes) this.#sayApi(`${change} by user ${USER}`);
    this.#sayApi(`Release v${version} created by user ${USER}`);
    if (source.processes.has('release')) this.remark('the release command was skipped');
  }

  #newEntry() {
    const [first] = this.#formation.values();
    return { quantity: 0, size: first?.size ?? 'Eco' } as const;
  }

  #sayNewType(type: string): void {
    this.remark(`the new process type ${type} is at 0: start it by dynosim ps:scale ${type}=1`);
  }

  /** The whole formation, alphabetical, as Heroku logs it. */
  #sayFormation(): void {
    const entries = [...this.#formation].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = entries.map(([type, { quantity, size }]) => `${type}@${quantity}:${size}`).join(' ');
    this.#sayApi(`Scaled to ${text} by user ${USER}`);
  }

  #sayApi(line: string): void {
    this.logs.write({ at: this.#time.wall(), source: 'app', dyno: 'api', line });
  }
}
