import { randomUUID } from 'node:crypto';
import type { Exit } from '../base/process.js';
import { adviceOnSilence, type Listener } from './advice.js';
import { Clashes } from './clashes.js';
import { LiveRun } from './live-run.js';
import type { RunState, StopReason } from './run.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';

export interface RunsOptions {
  readonly world: RunWorld;
  readonly log: DynoLog;
  /** Describes the next run: called at every start, as command and config vars may have changed. */
  plan(): RunPlan;
  /** The dynos of other types that listen. */
  otherListeners(): readonly Listener[];
}

/** `clash`: why the run ended, if only because an earlier one was still there. */
export type RunsEvent =
  | { readonly type: 'up' }
  /** The successor is up and has become the current run; the one before departs. */
  | { readonly type: 'replaced' }
  /** The current run ended by itself, and there is none now. */
  | { readonly type: 'ended'; readonly run: LiveRun; readonly exit: Exit; readonly clash: string | undefined }
  /** The successor ended before it was up. */
  | { readonly type: 'successor ended'; readonly clash: string | undefined }
  /** A departing run is gone. */
  | { readonly type: 'departed' };

/** The runs of one dyno: a current one, a successor that takes its place once it is up, and any number that depart. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #onEvent: (event: RunsEvent) => void;
  readonly #departing = new Set<LiveRun>();
  readonly #clashes = new Clashes();
  #current: LiveRun | undefined;
  #successor: LiveRun | undefined;

  /** @param onEvent called after the event, but before anything that follows from it is done to the run */
  constructor(options: RunsOptions, onEvent: (event: RunsEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  get current(): LiveRun | undefined {
    return this.#current;
  }

  get hasSuccessor(): boolean {
    return this.#successor !== undefined;
  }

  get areDeparting(): boolean {
    return this.#departing.size > 0;
  }

  /** Whether the next run must not start while an earlier one is alive. */
  get mustBeAlone(): boolean {
    return this.#clashes.isLoner(this.#options.plan().command);
  }

  /** Makes the current run, which is the caller's to start. */
  create(delayMs: number): LiveRun {
    this.#current = this.#make(delayMs);
    return this.#current;
  }

  /** Starts another run beside the current one, instead of any other successor. */
  startSuccessor(): void {
    this.#dropSuccessor('restart');
    this.#successor = this.#make(0);
    this.#successor.start();
  }

  /** Makes the successor the current run, if there is one. */
  promote(): boolean {
    this.#current = this.#successor;
    this.#successor = undefined;
    return this.#current !== undefined;
  }

  /** Tells the current run and its successor to stop. */
  depart(why: StopReason): void {
    this.#dropSuccessor(why);
    const current = this.#current;
    this.#current = undefined;
    if (current) this.#depart(current, why);
  }

  /** Sends SIGKILL to all that depart. */
  kill(why: StopReason): void {
    for (const run of this.#departing) run.kill(why);
  }

  #dropSuccessor(why: StopReason): void {
    const successor = this.#successor;
    this.#successor = undefined;
    if (successor) this.#depart(successor, why);
  }

  #depart(run: LiveRun, why: StopReason): void {
    this.#departing.add(run);
    run.stop(why);
  }

  #make(delayMs: number): LiveRun {
    const { world, log, plan } = this.#options;
    const run = new LiveRun(randomUUID(), { ...plan(), delayMs }, world, log);
    this.#clashes.onStart(run, [...this.#departing, ...(this.#current ? [this.#current] : [])]);
    run.onChange((state) => this.#onChange(run, state));
    return run;
  }

  #onChange(run: LiveRun, state: RunState): void {
    if (state.status === 'up') return this.#onUp(run);
    if (state.status === 'stopping' && state.why === 'boot timeout') return this.#onBootTimeout(run);
    if (state.status !== 'gone') return;
    if (this.#departing.delete(run)) return this.#onEvent({ type: 'departed' });
    if (state.end.how !== 'cancelled') this.#onEnd(run, state.end);
  }

  #onUp(run: LiveRun): void {
    if (run === this.#current) return this.#onEvent({ type: 'up' });
    if (run !== this.#successor) return;
    this.#successor = undefined;
    this.depart('restart');
    this.#current = run;
    this.#onEvent({ type: 'replaced' });
  }

  /** The run can still be looked at: it is killed after this. */
  #onBootTimeout({ ports }: LiveRun): void {
    const { log, otherListeners } = this.#options;
    if (ports.length === 0) log.say('dynosim', adviceOnSilence(otherListeners()));
  }

  #onEnd(run: LiveRun, { how, exit }: { readonly how: 'exited' | 'stopped'; readonly exit: Exit }): void {
    const clash = how === 'exited' ? this.#clashes.explain(run, exit) : undefined;
    if (run === this.#successor) {
      this.#successor = undefined;
      return this.#onEvent({ type: 'successor ended', clash });
    }
    this.#current = undefined;
    if (clash === undefined) this.#clashes.onCrash();
    this.#onEvent({ type: 'ended', run, exit, clash });
  }
}
