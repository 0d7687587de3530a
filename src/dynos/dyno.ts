import type { Cancel } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import { unreachable } from '../base/errors.js';
import { randomId } from '../base/ids.js';
import type { Exit } from '../base/process.js';
import { adviceOnExit } from './advice.js';
import { Crashes } from './crashes.js';
import type { LiveRun } from './live-run.js';
import { Runs, type RunsEvent, type RunsOptions } from './runs.js';

/** The states in `ps` and the API. In the log, `idle` is called `down`. */
export type DynoStatus = 'starting' | 'up' | 'idle' | 'crashed' | 'down';

/** Only a running dyno has a current run. `Runs` keeps the runs. */
type Phase =
  /** `comesBack`: starts again when the departing runs are gone. */
  | { readonly at: 'down'; readonly comesBack: boolean }
  /** The app sleeps. */
  | { readonly at: 'idle' }
  /** Starts when the departing runs are gone, but not before `readyAt` (platform time). */
  | { readonly at: 'waiting'; readonly readyAt: number }
  | { readonly at: 'running' }
  | { readonly at: 'crashed'; readonly cancelRestart: Cancel };

/** What the log says when a dyno restarts: somebody asked, or the platform does so once a day. */
type RestartReason = 'Restarting' | 'Cycling';

export interface Crash {
  /** `web.1` */
  readonly dyno: string;
  readonly exit: Exit;
}

export interface DynoOptions extends RunsOptions {
  /** `web` */
  readonly type: string;
  /** `web.1` */
  readonly name: string;
  /** Whether a web dyno that is cycled serves until its new run listens. */
  hasPreboot(): boolean;
  /** Called after a crash, before the restart is decided. */
  onCrash(crash: Crash): void;
}

/**
 * A dyno of the formation. It has at most one current run and any number of departing ones: at a restart, the new run
 * starts at once, while the old one still shuts down.
 * https://devcenter.heroku.com/articles/dyno-shutdown-behavior
 */
export class Dyno {
  readonly id = randomId();
  readonly type: string;
  readonly name: string;
  readonly #options: DynoOptions;
  readonly #changed = new Emitter();
  readonly #crashes: Crashes;
  readonly #runs: Runs;
  #phase: Phase = { at: 'down', comesBack: false };
  #since: number;
  /** Whether it has had a current run since it was created or fell asleep. */
  #hasRun = false;
  #restarts = 0;
  #cancelCycle: Cancel = () => {};

  constructor(options: DynoOptions) {
    this.type = options.type;
    this.name = options.name;
    this.#options = options;
    this.#crashes = new Crashes(options.world.time, () => this.#changed.emit());
    this.#runs = new Runs(options, (event) => this.#onEvent(event));
    this.#since = options.world.time.wall();
  }

  get status(): DynoStatus {
    if (this.#phase.at === 'waiting') return 'starting';
    if (this.#phase.at !== 'running') return this.#phase.at;
    return this.run?.state?.status === 'up' ? 'up' : 'starting';
  }

  /** Wall-clock time of the last change of status. */
  get since(): number {
    return this.#since;
  }

  /** How many times it has started again: after crashes, when it was restarted or cycled, but not when it woke. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The current run. */
  get run(): LiveRun | undefined {
    return this.#runs.current;
  }

  /** Stopped runs that still have processes. */
  get departing(): readonly LiveRun[] {
    return this.#runs.departing;
  }

  /** Whether a debugger is attached to one of its runs. */
  get isDebugged(): boolean {
    return this.#runs.all.some((run) => run.isDebugged);
  }

  /** Whether it will probably be up soon, so that requests may wait for it. */
  get isComing(): boolean {
    return this.status === 'starting' || this.#comesBack;
  }

  get #comesBack(): boolean {
    return this.#phase.at === 'down' && this.#phase.comesBack;
  }

  /** Whether a new run starts: its own, or one that will replace it. */
  get isRestarting(): boolean {
    return this.isComing || this.#runs.hasSuccessor;
  }

  /** Whether it has no processes, and will not start by itself. */
  get isGone(): boolean {
    return this.#phase.at === 'down' && this.departing.length === 0;
  }

  /** Whether no run is starting or stopping, or about to crash as at the last start, unless a debugger holds it up. */
  get isSettled(): boolean {
    if (this.#crashes.isOnProbation) return false;
    const isChanging = this.status === 'starting' || this.departing.length > 0 || this.#runs.hasSuccessor;
    return !isChanging || this.isDebugged;
  }

  /** Calls back after every change of status, and when a departing run is gone. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /**
   * Starts a dyno that is down.
   * @param isFirst omits the log line about the change from `down`, as Heroku does at an app's first deploy
   */
  start({ isFirst }: { readonly isFirst: boolean }): void {
    if (this.#phase.at !== 'down') return;
    if (!isFirst) this.#sayChange('down', 'starting');
    this.#launch();
  }

  /** Starts a new run at once, and forgets crashes, for `ps:restart`. */
  restart(because: RestartReason = 'Restarting'): void {
    const before = this.status;
    this.#crashes.forget();
    this.#sayWhy(because);
    if (before !== 'starting') this.#sayChange(before, 'starting');
    this.#leavePhase();
    this.#launch();
  }

  /** Puts the dyno to sleep in any state. Logs nothing if it has never started. */
  idle(): void {
    const before = this.status;
    if (before === 'idle') return;
    if (before !== 'down') {
      this.#options.log.say('heroku', 'Idling');
      this.#sayChange(before, 'down');
      this.#leavePhase();
    }
    this.#crashes.forget();
    this.#hasRun = false;
    this.#enter({ at: 'idle' });
  }

  /**
   * Wakes up.
   * @param delayMs how long the platform takes before the dyno's own boot: platform time
   */
  unidle(delayMs: number): void {
    if (this.#phase.at !== 'idle') return;
    this.#options.log.say('heroku', 'Unidling');
    this.#sayChange('down', 'starting');
    this.#launch(delayMs);
  }

  /**
   * Restarts, but lets a web dyno that is up serve requests until its new run listens. If the new run ends earlier, the
   * old one keeps running, unless only one run can be alive at a time.
   * Like Heroku's preboot: https://devcenter.heroku.com/articles/preboot
   */
  replace(because: RestartReason = 'Restarting'): void {
    // It starts with the new code when it wakes.
    if (this.status === 'idle') return;
    if (this.status !== 'up' || !this.run?.plan.listens || this.#runs.mustBeAlone)
      return this.restart(because);
    this.#crashes.forget();
    this.#sayWhy(because);
    this.#runs.startSuccessor();
  }

  /**
   * Stops the dyno, and starts it again when its last process is gone, as Heroku does with dynos of the formation.
   * https://devcenter.heroku.com/articles/dyno-restarts
   */
  bounce(): void {
    if (this.status === 'idle') return;
    this.#goDown({ comesBack: true });
    this.#goOn();
  }

  /** Stops the dyno for good. */
  stop(): void {
    this.#goDown({ comesBack: false });
  }

  /** See `LiveRun.letDie`. */
  letDie(): void {
    for (const run of this.#runs.all) run.letDie();
  }

  #goDown({ comesBack }: { readonly comesBack: boolean }): void {
    const before = this.status;
    if (before !== 'down') {
      this.#crashes.forget();
      if (before !== 'idle') this.#sayChange(before, 'down');
      this.#leavePhase();
    }
    this.#enter({ at: 'down', comesBack });
  }

  #launch(delayMs = 0): void {
    if (this.departing.length > 0 && this.#runs.mustBeAlone) return this.#wait(delayMs);
    const run = this.#runs.create(delayMs);
    this.#begin();
    run.start();
  }

  /** Must be called for each new current run. */
  #begin(): void {
    this.#crashes.onStart();
    this.#cycleLater();
    if (this.#hasRun) this.#restarts += 1;
    this.#hasRun = true;
    this.#enter({ at: 'running' });
  }

  #cycleLater(): void {
    const { time, cycleMs } = this.#options.world;
    this.#cancelCycle();
    this.#cancelCycle = time.platform.after(cycleMs(), () => this.#cycle());
  }

  /** The platform restarts every dyno once a day. https://devcenter.heroku.com/articles/dyno-restarts */
  #cycle(): void {
    // If a new run does not come up, or a debugger is attached to the old one, that is cycled a day later.
    this.#cycleLater();
    if (this.isDebugged) return;
    if (this.#options.hasPreboot()) this.replace('Cycling');
    else this.restart('Cycling');
  }

  /** Starts when the departing runs are gone. */
  #wait(delayMs = 0): void {
    this.#enter({ at: 'waiting', readyAt: this.#options.world.time.platform.now() + delayMs });
    this.#goOn();
  }

  /** If the departing runs are gone, starts the dyno if it waited for that. */
  #goOn(): void {
    if (this.departing.length > 0) return;
    const phase = this.#phase;
    if (this.#comesBack) this.start({ isFirst: false });
    else if (phase.at === 'waiting')
      this.#launch(Math.max(0, phase.readyAt - this.#options.world.time.platform.now()));
  }

  #onEvent(event: RunsEvent): void {
    switch (event.type) {
      case 'up':
        return this.#onUp();
      case 'replaced':
        this.#begin();
        return this.#onUp();
      case 'ended':
        if (event.clash === undefined) return this.#onCrash(event.run, event.exit);
        return this.#onClash(event.clash, this.#crashes.wasUp);
      case 'successor ended':
        if (event.clash !== undefined) return this.#onClash(event.clash, true);
        this.#options.log.say('dynosim', 'the new run ended before it listened: the old one keeps running');
        return this.#changed.emit();
      case 'departed':
        this.#changed.emit();
        return this.#goOn();
      default:
        return unreachable(event);
    }
  }

  #onUp(): void {
    this.#crashes.onUp();
    this.#sayChange('starting', 'up');
    this.#touch();
  }

  /** Only one run can be alive: starts the next one when the others are gone. */
  #onClash(explanation: string, wasUp: boolean): void {
    this.#options.log.say('dynosim', explanation);
    if (wasUp) this.#sayChange('up', 'starting');
    this.#leavePhase();
    this.#wait();
  }

  #onCrash(run: LiveRun, exit: Exit): void {
    const { log, world, onCrash } = this.#options;
    const { platform } = world.time;
    this.#sayChange(this.#crashes.wasUp ? 'up' : 'starting', 'crashed');
    const coolOff = this.#crashes.onCrash();
    if (this.#crashes.inARow === 1) this.#advise(run, exit);
    this.#enter({ at: 'crashed', cancelRestart: () => {} });
    onCrash({ dyno: this.name, exit });
    if (this.#phase.at !== 'crashed') return;
    if (this.#runs.promote()) {
      this.#sayChange('crashed', 'starting');
      return this.#begin();
    }
    if (coolOff === 0) return this.#restartAfterCrash();
    log.say(
      'dynosim',
      `crashed ${this.#crashes.inARow} times in a row: restarts in ${formatDuration(coolOff)}, or now with: dynosim ps:restart ${this.name}`,
    );
    this.#enter({ at: 'crashed', cancelRestart: platform.after(coolOff, () => this.#restartAfterCrash()) });
  }

  #advise({ lastWords }: LiveRun, { status }: Exit): void {
    const advice = adviceOnExit({ type: this.type, status, lastWords: lastWords.lines });
    if (advice !== undefined) this.#options.log.say('dynosim', advice);
  }

  #restartAfterCrash(): void {
    this.#sayChange('crashed', 'starting');
    this.#launch();
  }

  #leavePhase(): void {
    if (this.#phase.at === 'crashed') this.#phase.cancelRestart();
    this.#runs.depart();
  }

  #enter(phase: Phase): void {
    if (phase.at !== 'running') {
      this.#crashes.onEnd();
      this.#cancelCycle();
    }
    this.#phase = phase;
    this.#touch();
  }

  #touch(): void {
    this.#since = this.#options.world.time.wall();
    this.#changed.emit();
  }

  #sayWhy(because: RestartReason): void {
    this.#options.log.say('heroku', because, because === 'Restarting' ? 'routine' : undefined);
  }

  /** In the log, `idle` is called `down`. */
  #sayChange(from: DynoStatus, to: DynoStatus): void {
    const line = `State changed from ${from === 'idle' ? 'down' : from} to ${to}`;
    const isRoutine = (from === 'up' && to === 'starting') || (from === 'starting' && to === 'up');
    this.#options.log.say('heroku', line, isRoutine ? 'routine' : undefined);
  }
}
