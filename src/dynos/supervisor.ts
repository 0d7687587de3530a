import type { Cancel } from '../base/clock.js';
import { crypto } from '../base/crypto.js';
import { Emitter } from '../base/emitter.js';
import { UserError } from '../base/errors.js';
import { LOOK_AGAIN_MS } from '../base/hold.js';
import type { ListeningDyno } from './advice.js';
import { type Crash, Dyno } from './dyno.js';
import { OneOff } from './one-off.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';

export interface SupervisorOptions {
  readonly world: RunWorld;
  log(dyno: string): DynoLog;
  /** Describes the next run of this dyno. */
  plan(type: string, dyno: string): RunPlan;
  /** See `DynoOptions`. */
  hasPreboot(): boolean;
  onCrash(crash: Crash): void;
}

/** Owns the dynos, and keeps as many of each process type as the formation requires. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #changed = new Emitter();
  /** By type; index 0 is `web.1`. */
  readonly #dynos = new Map<string, Dyno[]>();
  /** Removed by scaling, but still shutting down. */
  readonly #leaving = new Set<Dyno>();
  readonly #oneOffs = new Set<OneOff>();
  #isStopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Dynos of the formation, by type in the order of first appearance, then by number. */
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
   * Scales a process type. Removes the dynos with the highest numbers first, and leaves the others alone.
   * @param begin how new dynos begin: the app's first dynos start without a log line; others may be idle
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

  /** Adds a one-off dyno, which the caller must start. */
  addOneOff(type: string, plan: (name: string) => RunPlan): OneOff {
    const { world, log } = this.#options;
    const name = this.#oneOffName(type);
    const oneOff = new OneOff(type, name, plan(name), world, log(name));
    this.#oneOffs.add(oneOff);
    oneOff.onChange(() => this.#changed.emit());
    void oneOff.exited.then(() => {
      this.#oneOffs.delete(oneOff);
      this.#changed.emit();
    });
    this.#changed.emit();
    return oneOff;
  }

  /**
   * Whether a debugger is attached to a dyno of the formation, also to one that is leaving.
   * @param which the dynos that count; left out: all
   */
  isDebugged(which: (dyno: Dyno) => boolean = () => true): boolean {
    return this.#all().some((dyno) => which(dyno) && dyno.isDebugged);
  }

  /** After `stop`, nothing may start: it would never be ended. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @throws UserError `STOPPING` after `stop` */
  requireRunning(): void {
    if (this.#isStopped) throw new UserError('STOPPING', 'dynosim is stopping');
  }

  /** Stops every dyno for good. */
  stop(): void {
    this.#isStopped = true;
    for (const dyno of this.#all()) dyno.letDie();
    for (const { run } of this.#oneOffs) run.letDie();
    for (const dyno of [...this.dynos(), ...this.#oneOffs]) dyno.stop();
  }

  /** Sends SIGKILL to all remaining processes, including those of leaving dynos. */
  kill(): void {
    this.stop();
    const departing = this.#all().flatMap((dyno) => dyno.departing);
    for (const run of [...departing, ...this.oneOffs.map((oneOff) => oneOff.run)]) run.kill();
  }

  /** The names of the dynos that `gone` waits for. */
  remaining(): readonly string[] {
    const dynos = this.#all().filter(({ isGone }) => !isGone);
    return [...dynos, ...this.#oneOffs].map(({ name }) => name);
  }

  /** Resolves when no dyno has processes, which happens only after `stop`. */
  gone(): Promise<void> {
    return this.#until(() => this.#oneOffs.size === 0 && this.#all().every((dyno) => dyno.isGone));
  }

  /** Resolves when no dyno is starting or stopping, except those that a debugger holds up. */
  settled(): Promise<void> {
    // No change of a dyno tells that a debugger is attached or awaited.
    return this.#until(() => this.#all().every((dyno) => dyno.isSettled), LOOK_AGAIN_MS);
  }

  /** Resolves when every dyno of the formation is up. */
  up(): Promise<void> {
    return this.#until(() => this.dynos().every(({ status }) => status === 'up'));
  }

  #all(): readonly Dyno[] {
    return [...this.dynos(), ...this.#leaving];
  }

  /**
   * Checks a condition after every change.
   * @param againMs how long without a change until it is checked again, real time
   */
  #until(isTrue: () => boolean, againMs = Number.POSITIVE_INFINITY): Promise<void> {
    const { real } = this.#options.world.time;
    return new Promise((resolve) => {
      let cancel: Cancel = () => {};
      const check = (): void => {
        cancel();
        if (!isTrue()) {
          cancel = real.after(againMs, check);
          return;
        }
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.onChange(check);
      check();
    });
  }

  /** Takes back a leaving dyno with this name: its new run may have to wait for the old one. */
  #comingBack(name: string): Dyno | undefined {
    const dyno = [...this.#leaving].find((one) => one.name === name);
    if (dyno) this.#leaving.delete(dyno);
    return dyno;
  }

  /** A unique name: `run.1234`. */
  #oneOffName(type: string): string {
    for (;;) {
      const name = `${type}.${crypto().randomInt(1000, 10_000)}`;
      if (!this.oneOffs.some((other) => other.name === name)) return name;
    }
  }

  #create(type: string, name: string): Dyno {
    const { world, log, plan, hasPreboot, onCrash } = this.#options;
    const dyno = new Dyno({
      type,
      name,
      world,
      log: log(name),
      plan: () => plan(type, name),
      hasPreboot,
      onCrash,
      otherListeners: () => this.#listeners().filter((one) => one.type !== type),
    });
    dyno.onChange(() => {
      if (dyno.isGone) this.#leaving.delete(dyno);
      this.#changed.emit();
    });
    return dyno;
  }

  #listeners(): readonly ListeningDyno[] {
    return this.dynos().flatMap(({ type, name, run }) => {
      const [port] = run?.ports ?? [];
      return port === undefined ? [] : [{ type, name, port }];
    });
  }

  #dismiss(dyno: Dyno): void {
    dyno.stop();
    if (!dyno.isGone) this.#leaving.add(dyno);
  }
}
