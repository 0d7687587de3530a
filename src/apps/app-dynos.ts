import { UserError } from '../base/errors.js';
import { DYNO_SIZES, type DynoSizeName, limitsOf } from '../base/sizes.js';
import type { TreeSignal } from '../dynos/contain/index.js';
import type { Dyno } from '../dynos/dyno.js';
import { Exec } from '../dynos/exec.js';
import type { LiveRun } from '../dynos/live-run.js';
import type { OneOff } from '../dynos/one-off.js';
import type { CommandBeside, RunWorld } from '../dynos/run-plan.js';
import type { Supervisor } from '../dynos/supervisor.js';
import { type Formation, type FormationChange, hintForType } from '../procfile/formation.js';
import { AppFormation, type AppFormationOptions } from './app-formation.js';
import { OneOffs } from './one-offs.js';
import type { DynoSettings } from './plan.js';
import type { Release } from './releases.js';
import { type DynoTarget, isIn } from './requests.js';
import type { EcoCounts } from './sleep/dyno-hours.js';
import type { DynoView, FormationView } from './views.js';

/** The app's sleep, as far as it decides which dynos run. */
export interface Rest {
  /** Whether the dynos of a size that sleeps are asleep. */
  readonly isAsleep: boolean;
  /** Whether no dyno hours are left: dynos that use them then stay asleep. */
  readonly isExhausted: boolean;
  /** Wakes all dynos that may run, without the platform's delay. */
  end(): void;
}

export interface AppDynosOptions extends AppFormationOptions {
  readonly settings: DynoSettings;
  readonly supervisor: Supervisor;
  readonly world: RunWorld;
  /** The release that runs. */
  current(): Release;
  rest(): Rest;
}

const SEE_PS = 'See what runs: dynosim ps';

/** The dynos of one app and its formation. */
export class AppDynos {
  readonly #options: AppDynosOptions;
  readonly #supervisor: Supervisor;
  readonly oneOffs: OneOffs;
  readonly #formation: AppFormation;
  /** The first release has gone live. */
  #isLive = false;

  /** @throws UserError `SIZE_LIMIT` */
  constructor(options: AppDynosOptions) {
    this.#options = options;
    this.#supervisor = options.supervisor;
    this.#formation = new AppFormation(options);
    this.oneOffs = new OneOffs({ ...options, sizeOf: (type) => this.sizeOf(type) });
  }

  get formation(): Formation {
    return this.#formation.entries;
  }

  /** Whether the app has web dynos, and of a size that sleeps. */
  get canSleep(): boolean {
    return (this.formation.get('web')?.quantity ?? 0) > 0 && this.#formation.sleeps('web');
  }

  /** Puts all dynos of a size that sleeps to sleep. */
  idle(): void {
    // A dyno that stops for good must not wait for requests instead.
    if (this.#supervisor.isStopped) return;
    for (const dyno of this.#supervisor.dynos()) if (this.#formation.sleeps(dyno.type)) dyno.idle();
  }

  /** Counts the dynos that use dyno hours, and those that do not because they sleep. */
  ecoCounts(): EcoCounts {
    const counts = { running: 0, idle: 0 };
    for (const { type, run, status } of [...this.#supervisor.oneOffs, ...this.#supervisor.dynos()]) {
      if (!DYNO_SIZES[run?.plan.size ?? this.sizeOf(type)].sleeps) continue;
      if (status === 'idle') counts.idle += 1;
      else if (status === 'up' || status === 'starting') counts.running += 1;
    }
    return counts;
  }

  /**
   * Wakes all dynos that sleep.
   * @param delayMs what the platform needs before the dynos' own boot, ms of platform time
   */
  unidle(delayMs: number): void {
    for (const dyno of this.#supervisor.dynos()) dyno.unidle(delayMs);
  }

  /** Starts the formation for the first time. */
  startAll(): void {
    if (this.#supervisor.isStopped) return;
    this.#isLive = true;
    const { isAsleep } = this.#options.rest();
    if (!isAsleep && this.formation.size > 0) this.#formation.say();
    for (const [type, { quantity }] of this.formation) {
      this.#supervisor.scale(type, quantity, isAsleep && this.#formation.sleeps(type) ? 'idle' : 'first');
    }
  }

  /**
   * Puts a release into effect: dynos of types that are gone stop, all others restart, new types start at 0.
   * @param isFirst the app had no code before: it starts one web dyno
   */
  activate({ slug }: Release, isFirst = false): void {
    if (this.#supervisor.isStopped) return;
    const types = [...slug.processes.keys()].filter((type) => type !== 'release');
    for (const type of this.formation.keys()) if (!types.includes(type)) this.#supervisor.scale(type, 0);
    if (isFirst) this.#formation.beginWith(types);
    else this.#formation.adopt(types);
    this.#restart(this.#supervisor.dynos());
    this.#options.rest().end();
    if (isFirst) this.startAll();
  }

  /**
   * Changes how many dynos run, and of which size: all changes or none. Dynos that stay are not touched, unless
   * their size changes. Nothing starts before the first release is live.
   * @throws UserError as `AppFormation.change` does, and `STOPPING`
   */
  scale(changes: readonly FormationChange[]): void {
    this.#supervisor.requireRunning();
    const before = this.formation;
    const rest = this.#options.rest();
    this.#formation.change(changes);
    if (!this.#isLive) return;
    for (const [type, { quantity, size }] of this.formation) {
      const isIdle = rest.isAsleep && this.#formation.sleeps(type);
      this.#supervisor.scale(type, quantity, isIdle ? 'idle' : 'started');
      if (size === before.get(type)?.size) continue;
      for (const dyno of this.#supervisor.dynos(type)) isIdle ? dyno.idle() : dyno.restart();
    }
    if (!this.canSleep) rest.end();
  }

  /** @throws UserError `NO_SUCH_DYNO`, `STOPPING` */
  restart(target: DynoTarget): void {
    this.#supervisor.requireRunning();
    this.#restart(this.#find(target));
    this.#options.rest().end();
  }

  /**
   * Restarts dynos for new sources; web dynos serve until their new runs listen.
   * @param types undefined: all
   */
  replace(types?: readonly string[]): void {
    if (this.#supervisor.isStopped) return;
    for (const dyno of this.#supervisor.dynos()) if (types?.includes(dyno.type) !== false) dyno.replace();
  }

  /**
   * Stops dynos. Those of the formation come back, as on Heroku; one-off dynos end.
   * @throws UserError `NO_SUCH_DYNO`, `STOPPING`
   */
  stopSome(target: DynoTarget): void {
    this.#supervisor.requireRunning();
    const oneOffs = this.#supervisor.oneOffs.filter((one) => target.kind !== 'all' && isIn(target, one));
    for (const oneOff of oneOffs) oneOff.stop();
    const isOnlyThese = oneOffs.length > 0 && !this.#supervisor.dynos().some((dyno) => isIn(target, dyno));
    for (const dyno of isOnlyThese ? [] : this.#find(target)) dyno.bounce();
  }

  /**
   * Sends a signal to every process of a dyno.
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS`, `STOPPING`
   */
  signal(name: string, signal: TreeSignal): void {
    const run = this.runOf(name);
    if (run.pid === undefined) throw this.#noProcess(name);
    run.signal(signal);
  }

  /**
   * Runs a command beside a dyno.
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS`, `STOPPING`, or the system's error if it cannot start
   */
  exec(name: string, command: CommandBeside): Promise<Exec> {
    const run = this.runOf(name);
    const spec = run.specBeside(command);
    if (!spec) throw this.#noProcess(name);
    return Exec.start(run, spec, this.#options.world);
  }

  /**
   * The current run of a dyno, whose process may not have started yet.
   * @throws UserError `NO_SUCH_DYNO`, `NO_PROCESS`, `STOPPING`
   */
  runOf(name: string): LiveRun {
    this.#supervisor.requireRunning();
    const run = this.#dynoNamed(name).run;
    if (run === undefined || run.state?.status === 'gone') throw this.#noProcess(name);
    return run;
  }

  /** All dynos as they are now, one-off dynos first. */
  views(): readonly DynoView[] {
    return [...this.#supervisor.oneOffs, ...this.#supervisor.dynos()].map((dyno) => this.#view(dyno));
  }

  /** The runs that have processes now, by dyno, also those of one-off dynos. */
  get running(): readonly { readonly name: string; readonly run: LiveRun }[] {
    return [...this.#supervisor.oneOffs, ...this.#supervisor.dynos()].flatMap(({ name, run }) =>
      run?.pid === undefined ? [] : [{ name, run }],
    );
  }

  /** Measures the memory of dynos, as often as that is cheap. */
  measure(): void {
    this.#options.world.memory.refresh(this.running.map(({ run }) => run));
  }

  /** The formation, by type, alphabetically. */
  formationViews(): readonly FormationView[] {
    return this.#formation.views(this.#options.current().slug.processes);
  }

  /** The size of a type's dynos; of one that is not in the formation, that of the first type that is. */
  sizeOf(type: string): DynoSizeName {
    return this.#formation.sizeOf(type);
  }

  #restart(dynos: readonly Dyno[]): void {
    const { isExhausted } = this.#options.rest();
    const awake = dynos.filter(({ type }) => !isExhausted || !this.#formation.sleeps(type));
    // https://devcenter.heroku.com/articles/preboot. A sleeping dyno serves no requests.
    const hasPreboot = this.#options.settings.features.has('preboot');
    for (const dyno of awake) hasPreboot && dyno.status !== 'idle' ? dyno.replace() : dyno.restart();
  }

  #view({ type, name, status, since, run, id, restarts }: Dyno | OneOff): DynoView {
    const { current, world, settings } = this.#options;
    const size = run?.plan.size ?? this.sizeOf(type);
    const { memory: quota } = run?.plan.limits ?? limitsOf(size, settings.memoryQuota);
    return {
      id: run?.id ?? id,
      name,
      type,
      state: status,
      size,
      command: run?.plan.command ?? current().slug.processes.get(type)?.command ?? '',
      release: run?.plan.release ?? current().version,
      since,
      port: run?.port,
      pid: run?.pid,
      restarts,
      inspect: run?.inspectorPort,
      get memory() {
        return run && world.memory.of(run);
      },
      memoryQuota: Number.isFinite(quota) ? quota : undefined,
    };
  }

  #noProcess(name: string): UserError {
    const { status } = this.#dynoNamed(name);
    return new UserError('NO_PROCESS', `${name} is ${status} and has no process`, SEE_PS);
  }

  /** @throws UserError `NO_SUCH_DYNO` */
  #dynoNamed(name: string): Dyno | OneOff {
    const oneOff = this.#supervisor.oneOffs.find((one) => one.name === name);
    const [dyno] = oneOff ? [oneOff] : this.#find({ kind: 'dyno', name });
    if (dyno) return dyno;
    throw new UserError('NO_SUCH_DYNO', `There is no dyno ${name}`, SEE_PS);
  }

  #find(target: DynoTarget): readonly Dyno[] {
    const dynos = this.#supervisor.dynos().filter((dyno) => isIn(target, dyno));
    if (dynos.length > 0 || target.kind === 'all') return dynos;
    const [what, hint] =
      target.kind === 'type'
        ? [`dyno of type ${target.type}`, hintForType(target.type, [...this.formation.keys()])]
        : [`dyno ${target.name}`, SEE_PS];
    throw new UserError('NO_SUCH_DYNO', `There is no ${what}`, hint);
  }
}
