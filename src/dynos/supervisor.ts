import { Emitter } from '../base/emitter.js';
import { UserError } from '../base/errors.js';
import type { Exit } from '../base/process.js';
import type { Listener } from './advice.js';
import { Dyno } from './dyno.js';
import { OneOff, oneOffName } from './one-off.js';
import type { StopReason } from './run.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';

export interface SupervisorOptions {
  readonly world: RunWorld;
  log(dyno: string): DynoLog;
  /** Describes the next run of this dyno. */
  plan(type: string, dyno: string): RunPlan;
  onCrash(dyno: string, exit: Exit): void;
}

/** Keeps as many dynos of each process type as the formation says. The only owner of dynos. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #changed = new Emitter();
  /** By type; index 0 is `web.1`. */
  readonly #dynos = new Map<string, Dyno[]>();
  /** Scaled away, but with processes that still shut down. */
  readonly #leaving = new Set<Dyno>();
  readonly #oneOffs = new Set<OneOff>();
  #isStopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Dynos of the formation, in the order of their types' first appearance, then by number. */
  dynos(type?: string): readonly Dyno[] {
    return type === undefined ? [...this.#dynos.values()].flat() : (this.#dynos.get(type) ?? []);
  }

  /** One-off dynos that have not ended. */
  get oneOffs(): readonly OneOff[] {
    return [...this.#oneOffs];
  }

  /** Calls back after every change of a dyno, and when dynos come or go. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /**
   * Brings a type to a quantity. Dynos that stay are not touched; the highest numbers go first.
   * @param begin how new dynos begin: the app's first ones start without a line about it, others may be idle
   */
  scale(type: string, quantity: number, begin: 'first' | 'started' | 'idle' = 'started'): void {
    const dynos = this.#dynos.get(type) ?? [];
    this.#dynos.set(type, dynos);
    if (dynos.length === quantity) return;
    for (const dyno of dynos.splice(quantity)) this.#dismiss(dyno);
    while (dynos.length < quantity) {
      const name = `${type}.${dynos.length + 1}`;
      const dyno = this.#comingBack(name) ?? this.#create(type, name);
      dynos.push(dyno);
      if (begin === 'idle') dyno.idle();
      else dyno.start({ isFirst: begin === 'first' });
    }
    this.#changed.emit();
  }

  /** The log lines of a dyno of this name go here. */
  logOf(dyno: string): DynoLog {
    return this.#options.log(dyno);
  }

  /** A name for a one-off dyno, `run.1234`, that no other one has. */
  oneOffName(type: string): string {
    return oneOffName(type, (name) => this.oneOffs.some((other) => other.name === name));
  }

  /** Adds a one-off dyno, which is the caller's to start. */
  addOneOff(type: string, name: string, plan: RunPlan, log: DynoLog): OneOff {
    const oneOff = new OneOff(type, name, plan, this.#options.world, log);
    this.#oneOffs.add(oneOff);
    oneOff.onChange(() => this.#changed.emit());
    void oneOff.exited.then(() => {
      this.#oneOffs.delete(oneOff);
      this.#changed.emit();
    });
    this.#changed.emit();
    return oneOff;
  }

  /** After `stop` nothing may start any more: nobody would end it. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @throws UserError `STOPPING` after `stop` */
  requireRunning(): void {
    if (this.#isStopped) throw new UserError('STOPPING', 'dynosim is stopping');
  }

  /** Stops every dyno, for good. */
  stop(why: StopReason): void {
    this.#isStopped = true;
    for (const dyno of [...this.dynos(), ...this.#oneOffs]) dyno.stop(why);
  }

  /** SIGKILL to everything that is left, also of dynos that are leaving. */
  kill(): void {
    for (const dyno of [...this.#all(), ...this.#oneOffs]) dyno.kill('shutdown');
  }

  /** The names of the dynos that `gone` waits for. */
  remaining(): readonly string[] {
    const dynos = this.#all().filter(({ isGone }) => !isGone);
    return [...dynos, ...this.#oneOffs].map(({ name }) => name);
  }

  /** Resolves when no process of any dyno is left, which happens only after `stop`. */
  gone(): Promise<void> {
    return this.#until(() => this.#oneOffs.size === 0 && this.#all().every((dyno) => dyno.isGone));
  }

  /** Resolves when no dyno is starting or stopping. */
  settled(): Promise<void> {
    return this.#until(() => this.#all().every((dyno) => dyno.isSettled));
  }

  #all(): readonly Dyno[] {
    return [...this.dynos(), ...this.#leaving];
  }

  /** Looks again after every change. */
  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isTrue()) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.onChange(check);
      check();
    });
  }

  /** A dyno of this name that was scaled away and still shuts down: it may have to wait for its own last run. */
  #comingBack(name: string): Dyno | undefined {
    const dyno = [...this.#leaving].find((one) => one.name === name);
    if (dyno) this.#leaving.delete(dyno);
    return dyno;
  }

  #create(type: string, name: string): Dyno {
    const { world, log, plan, onCrash } = this.#options;
    const dyno = new Dyno({
      type,
      name,
      world,
      log: log(name),
      plan: () => plan(type, name),
      onCrash: (exit) => onCrash(name, exit),
      otherListeners: () => this.#listeners().filter((one) => one.type !== type),
    });
    dyno.onChange(() => {
      if (dyno.isGone) this.#leaving.delete(dyno);
      this.#changed.emit();
    });
    return dyno;
  }

  #listeners(): readonly Listener[] {
    return this.dynos().flatMap(({ type, name, run }) => {
      const [port] = run?.ports ?? [];
      return port === undefined ? [] : [{ type, name, port }];
    });
  }

  #dismiss(dyno: Dyno): void {
    dyno.stop('scale');
    if (!dyno.isGone) this.#leaving.add(dyno);
  }
}
