import { randomId } from '../base/ids.js';
import type { Exit } from '../base/process.js';
import { adviceOnSilence, type ListeningDyno } from './advice.js';
import { Clashes } from './clashes.js';
import { LiveRun } from './live-run.js';
import type { RunState } from './run.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';

export interface RunsOptions {
  readonly world: RunWorld;
  readonly log: DynoLog;
  /** Describes the next run. Called for every run, because command and config vars may have changed. */
  plan(): RunPlan;
  /** The dynos of other types that listen. */
  otherListeners(): readonly ListeningDyno[];
}

/** `clash` is an explanation if the run ended only because an earlier one was still running. */
export type RunsEvent =
  | { readonly type: 'up' }
  /** The successor is up and has become the current run; the previous one departs. */
  | { readonly type: 'replaced' }
  /** The current run ended by itself; now there is none. */
  | { readonly type: 'ended'; readonly run: LiveRun; readonly exit: Exit; readonly clash: string | undefined }
  /** The successor ended before it was up. */
  | { readonly type: 'successor ended'; readonly clash: string | undefined }
  /** A departing run is gone. */
  | { readonly type: 'departed' };

/**
 * The runs of one dyno: a current one, a successor that replaces it when it is up, and any number of departing ones.
 */
export class Runs {
  readonly #options: RunsOptions;
  readonly #onEvent: (event: RunsEvent) => void;
  readonly #departing = new Set<LiveRun>();
  readonly #clashes = new Clashes();
  #current: LiveRun | undefined;
  #successor: LiveRun | undefined;

  /** @param onEvent called after the event, but before its effects are carried out */
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

  /** Stopped runs that still have processes. */
  get departing(): readonly LiveRun[] {
    return [...this.#departing];
  }

  /** All that have not ended. */
  get all(): readonly LiveRun[] {
    return [this.#current, this.#successor, ...this.#departing].filter((run) => run !== undefined);
  }

  /** Whether the next run must not start while an earlier one is alive. */
  get mustBeAlone(): boolean {
    const { command, inspector } = this.#options.plan();
    // One that waits for a debugger would do so for ever: the earlier one has the port, until the later one is up.
    return inspector?.isBreaking === true || this.#clashes.isLoner(command);
  }

  /** Creates the current run, which the caller must start. */
  create(delayMs: number): LiveRun {
    this.#current = this.#make(delayMs);
    return this.#current;
  }

  /** Starts a successor of the current run. Stops an earlier successor. */
  startSuccessor(): void {
    this.#dropSuccessor();
    this.#successor = this.#make(0);
    this.#successor.start();
  }

  /** Makes the successor the current run. @returns whether there is one */
  promote(): boolean {
    this.#current = this.#successor;
    this.#successor = undefined;
    return this.#current !== undefined;
  }

  /** Stops the current run and its successor. */
  depart(): void {
    this.#dropSuccessor();
    const current = this.#current;
    this.#current = undefined;
    if (current) this.#depart(current);
  }

  #dropSuccessor(): void {
    const successor = this.#successor;
    this.#successor = undefined;
    if (successor) this.#depart(successor);
  }

  #depart(run: LiveRun): void {
    this.#departing.add(run);
    run.stop();
  }

  #make(delayMs: number): LiveRun {
    const { world, log, plan } = this.#options;
    const run = new LiveRun(randomId(), { ...plan(), delayMs }, world, log);
    this.#clashes.onStart(run, [...this.#departing, ...(this.#current ? [this.#current] : [])]);
    run.onChange((state) => this.#onChange(run, state));
    return run;
  }

  #onChange(run: LiveRun, state: RunState): void {
    if (state.status === 'up') return this.#onUp(run);
    if (state.status === 'stopping' && state.because === 'R10') return this.#onBootTimeout(run);
    if (state.status !== 'gone') return;
    if (this.#departing.delete(run)) return this.#onEvent({ type: 'departed' });
    if (state.end.how !== 'cancelled') this.#onEnd(run, state.end);
  }

  #onUp(run: LiveRun): void {
    if (run === this.#current) return this.#onEvent({ type: 'up' });
    if (run !== this.#successor) return;
    this.#successor = undefined;
    this.depart();
    this.#current = run;
    this.#onEvent({ type: 'replaced' });
  }

  /** Called before the run is killed, so its ports can still be read. */
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
