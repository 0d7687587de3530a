import { randomUUID } from 'node:crypto';
import type { Cancel } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import type { Exit } from '../base/process.js';
import { adviceOnExit, adviceOnSilence, type Listener } from './advice.js';
import { Clashes } from './clashes.js';
import { CrashCount } from './crash-count.js';
import { LiveRun } from './live-run.js';
import type { RunState, StopReason } from './run.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';

/** What `ps` and the API show. The log never says `idle`: there it is `down`. */
export type DynoStatus = 'starting' | 'up' | 'idle' | 'crashed' | 'down';

/** What a dyno is about. Only a running one has a current run; departing runs are counted apart. */
type Phase =
  /** One that comes back starts once the departing runs are gone. */
  | { readonly at: 'down'; readonly comesBack: boolean }
  /** As the app sleeps. */
  | { readonly at: 'idle' }
  /** Starting, but only once the departing runs are gone, and not before a moment of platform time. */
  | { readonly at: 'waiting'; readonly readyAt: number }
  | { readonly at: 'running'; readonly run: LiveRun }
  | { readonly at: 'crashed'; readonly cancelRestart: Cancel };

export interface DynoOptions {
  /** `web` */
  readonly type: string;
  /** `web.1` */
  readonly name: string;
  readonly world: RunWorld;
  readonly log: DynoLog;
  /** What the next run is to be: asked at every start, as command and config vars may have changed. */
  plan(): RunPlan;
  /** Called after a crash, before anything is done about it. */
  onCrash(exit: Exit): void;
  /** The dynos of other types that listen. */
  otherListeners(): readonly Listener[];
}

/**
 * A name in the formation. It has at most one current run and any number of departing ones: at a restart the
 * new run starts at once, while the old one still shuts down.
 * https://devcenter.heroku.com/articles/dyno-shutdown-behavior
 */
export class Dyno {
  readonly id = randomUUID();
  readonly type: string;
  readonly name: string;
  readonly #options: DynoOptions;
  readonly #changed = new Emitter();
  readonly #crashes = new CrashCount();
  readonly #clashes = new Clashes();
  readonly #departing = new Set<LiveRun>();
  /** Takes the place of the current run once it is up. */
  #successor: LiveRun | undefined;
  #phase: Phase = { at: 'down', comesBack: false };
  #since: number;

  constructor(options: DynoOptions) {
    this.type = options.type;
    this.name = options.name;
    this.#options = options;
    this.#since = options.world.time.wall();
  }

  get status(): DynoStatus {
    if (this.#phase.at === 'waiting') return 'starting';
    if (this.#phase.at !== 'running') return this.#phase.at;
    return this.#phase.run.state?.status === 'up' ? 'up' : 'starting';
  }

  /** Wall-clock time of the last change of status. */
  get since(): number {
    return this.#since;
  }

  /** The current run. */
  get run(): LiveRun | undefined {
    return this.#phase.at === 'running' ? this.#phase.run : undefined;
  }

  /** Whether it is up soon if all goes well: what waits for it may go on waiting. */
  get isComing(): boolean {
    return this.status === 'starting' || this.#comesBack;
  }

  get #comesBack(): boolean {
    return this.#phase.at === 'down' && this.#phase.comesBack;
  }

  /** Whether no process of it is left and none is to come by itself. */
  get isGone(): boolean {
    return this.#phase.at === 'down' && this.#departing.size === 0;
  }

  /** Whether nothing of it is starting or stopping. */
  get isSettled(): boolean {
    return this.status !== 'starting' && !this.#successor && this.#departing.size === 0;
  }

  /** Told after every change of status, and when the last departing run is gone. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /**
   * Starts a dyno that is down.
   * @param isFirst Heroku says nothing of a change from `down` when an app is deployed for the first time
   */
  start({ isFirst }: { readonly isFirst: boolean }): void {
    if (this.#phase.at !== 'down') return;
    if (!isFirst) this.#sayChange('down', 'starting');
    this.#launch();
  }

  /** As `ps:restart` does: a new run at once, and crashes are forgotten. */
  restart(): void {
    const before = this.status;
    this.#crashes.forget();
    this.#options.log.say('heroku', 'Restarting');
    if (before !== 'starting') this.#sayChange(before, 'starting');
    this.#leavePhase('restart');
    this.#launch();
  }

  /** Goes to sleep, whatever it does at the moment. One that is down and has not been started begins so. */
  idle(): void {
    const before = this.status;
    if (before === 'idle') return;
    if (before !== 'down') {
      this.#options.log.say('heroku', 'Idling');
      this.#sayChange(before, 'down');
      this.#leavePhase('idle');
    }
    this.#crashes.forget();
    this.#enter({ at: 'idle' });
  }

  /**
   * Wakes up.
   * @param delayMs what the platform needs before the dyno's own boot, ms of platform time
   */
  unidle(delayMs: number): void {
    if (this.#phase.at !== 'idle') return;
    this.#options.log.say('heroku', 'Unidling');
    this.#sayChange('down', 'starting');
    this.#launch(delayMs);
  }

  /**
   * As `restart`, but a web dyno that serves goes on until its new run listens; if that ends before, for good, unless
   * it ended because only one run can be alive at a time.
   * Heroku does so where preboot is on: https://devcenter.heroku.com/articles/preboot
   */
  replace(): void {
    // It finds what is new when it wakes.
    if (this.status === 'idle') return;
    if (this.status !== 'up' || !this.run?.plan.kind.listens || this.#mustWait) return this.restart();
    this.#crashes.forget();
    this.#options.log.say('heroku', 'Restarting');
    this.#dropSuccessor('restart');
    this.#successor = this.#newRun();
    this.#successor.start();
  }

  /**
   * Stops it; once its last process is gone it starts again.
   * https://devcenter.heroku.com/articles/dyno-restarts: a stopped dyno of the formation comes back
   */
  bounce(): void {
    if (this.status === 'idle') return;
    this.#goDown('restart', true);
    this.#goOn();
  }

  /** Stops it for good. */
  stop(why: StopReason): void {
    this.#goDown(why, false);
  }

  /** SIGKILL to everything at once, departing runs included. */
  kill(why: StopReason): void {
    this.stop(why);
    for (const run of this.#departing) run.kill(why);
  }

  #goDown(why: StopReason, comesBack: boolean): void {
    const before = this.status;
    if (before !== 'down') {
      this.#crashes.forget();
      if (before !== 'idle') this.#sayChange(before, 'down');
      this.#leavePhase(why);
    }
    this.#enter({ at: 'down', comesBack });
  }

  #newRun(delayMs = 0): LiveRun {
    const { world, log, plan } = this.#options;
    const run = new LiveRun(randomUUID(), { ...plan(), delayMs }, world, log);
    this.#clashes.onStart(run, [...this.#departing, ...(this.run ? [this.run] : [])]);
    run.onChange((state) => {
      if (state.status === 'stopping' && state.why === 'boot timeout') this.#onBootTimeout(run);
      if (this.#departing.has(run)) this.#onDepartingChange(run, state);
      else if (run === this.#successor) this.#onSuccessorChange(run, state);
      else this.#onCurrentChange(run, state);
    });
    return run;
  }

  /** Whether its next run must not begin before the current and the departing ones are gone. */
  get #mustWait(): boolean {
    return this.#clashes.isLoner(this.#options.plan().command);
  }

  #launch(delayMs = 0): void {
    if (this.#departing.size > 0 && this.#mustWait) return this.#wait(delayMs);
    const run = this.#newRun(delayMs);
    this.#makeCurrent(run);
    run.start();
  }

  #makeCurrent(run: LiveRun): void {
    this.#crashes.onStart();
    this.#enter({ at: 'running', run });
  }

  /** Starts once the departing runs are gone. */
  #wait(delayMs = 0): void {
    this.#enter({ at: 'waiting', readyAt: this.#options.world.time.platform.now() + delayMs });
    this.#goOn();
  }

  #onCurrentChange(run: LiveRun, state: RunState): void {
    if (state.status === 'up') this.#onUp();
    if (state.status !== 'gone' || state.end.how === 'cancelled') return;
    const clash = this.#clashOf(run, state);
    if (clash === undefined) return this.#onCrash(run, state.end.exit);
    this.#options.log.say('dynosim', clash);
    if (this.#crashes.wasUp) this.#sayChange('up', 'starting');
    this.#wait();
  }

  #onSuccessorChange(run: LiveRun, state: RunState): void {
    if (state.status === 'up') {
      this.#successor = undefined;
      this.#leavePhase('restart');
      this.#makeCurrent(run);
      this.#onUp();
    } else if (state.status === 'gone') {
      this.#successor = undefined;
      const clash = this.#clashOf(run, state);
      const said = clash ?? 'the new run ended before it listened: the old one goes on';
      this.#options.log.say('dynosim', said);
      if (clash === undefined) return this.#changed.emit();
      this.#sayChange('up', 'starting');
      this.#leavePhase('restart');
      this.#wait();
    }
  }

  /** Why a run ended, if that was because an earlier one was still there. */
  #clashOf(run: LiveRun, { end }: Extract<RunState, { status: 'gone' }>): string | undefined {
    return end.how === 'exited' ? this.#clashes.explain(run, end.exit) : undefined;
  }

  #onDepartingChange(run: LiveRun, { status }: RunState): void {
    if (status !== 'gone') return;
    this.#departing.delete(run);
    this.#changed.emit();
    this.#goOn();
  }

  /** Called before the run is killed: it can still be looked at. */
  #onBootTimeout(run: LiveRun): void {
    const { log, otherListeners } = this.#options;
    if (run.ports.length === 0) log.say('dynosim', adviceOnSilence(otherListeners()));
  }

  #onUp(): void {
    this.#crashes.onUp(this.#options.world.time.platform.now());
    this.#sayChange('starting', 'up');
    this.#touch();
  }

  #onCrash(run: LiveRun, exit: Exit): void {
    const { log, world, onCrash } = this.#options;
    const { platform } = world.time;
    this.#sayChange(this.#crashes.wasUp ? 'up' : 'starting', 'crashed');
    const coolOff = this.#crashes.onCrash(platform.now());
    this.#clashes.onCrash();
    if (this.#crashes.inARow === 1) this.#advise(run, exit);
    this.#enter({ at: 'crashed', cancelRestart: () => {} });
    onCrash(exit);
    if (this.#phase.at !== 'crashed') return;
    const successor = this.#successor;
    if (successor) {
      this.#successor = undefined;
      this.#sayChange('crashed', 'starting');
      return this.#makeCurrent(successor);
    }
    if (coolOff === 0) return this.#restartAfterCrash();
    log.say(
      'dynosim',
      `crashed ${this.#crashes.inARow} times in a row: starts again in ${formatDuration(coolOff)}, or now by: dynosim ps:restart ${this.name}`,
    );
    this.#enter({ at: 'crashed', cancelRestart: platform.after(coolOff, () => this.#restartAfterCrash()) });
  }

  #advise({ lastWords }: LiveRun, { status }: Exit): void {
    const advice = adviceOnExit({ type: this.type, status, lastWords });
    if (advice !== undefined) this.#options.log.say('dynosim', advice);
  }

  #restartAfterCrash(): void {
    this.#sayChange('crashed', 'starting');
    this.#launch();
  }

  #leavePhase(why: StopReason): void {
    this.#dropSuccessor(why);
    const phase = this.#phase;
    if (phase.at === 'crashed') phase.cancelRestart();
    if (phase.at === 'running') this.#depart(phase.run, why);
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

  /** Starts what waits for the departing runs, once they are gone. */
  #goOn(): void {
    if (this.#departing.size > 0) return;
    const phase = this.#phase;
    if (this.#comesBack) this.start({ isFirst: false });
    else if (phase.at === 'waiting')
      this.#launch(Math.max(0, phase.readyAt - this.#options.world.time.platform.now()));
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#touch();
  }

  #touch(): void {
    this.#since = this.#options.world.time.wall();
    this.#changed.emit();
  }

  /** The log has no word for `idle`. */
  #sayChange(from: DynoStatus, to: DynoStatus): void {
    this.#options.log.say('heroku', `State changed from ${from === 'idle' ? 'down' : from} to ${to}`);
  }
}
