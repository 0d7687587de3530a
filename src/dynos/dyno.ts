import { randomUUID } from 'node:crypto';
import type { Cancel } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { CRASH_COOL_OFFS, STABLE_AFTER } from '../base/limits.js';
import { Signal } from '../base/signal.js';
import { type DynoLog, LiveRun, type RunPlan, type RunWorld } from './live-run.js';
import type { Exit } from './process.js';
import type { RunState, StopReason } from './run.js';

/** What `ps` and the API show. The log never says `idle`: there it is `down`. */
export type DynoStatus = 'starting' | 'up' | 'idle' | 'crashed' | 'down';

/** What a dyno is about. Only a running one has a current run; departing runs are counted apart. */
type Phase =
  | { readonly at: 'down' }
  | { readonly at: 'running'; readonly run: LiveRun; readonly forget: () => void }
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
  /** Told after a crash, before anything is done about it. */
  onCrash(exit: Exit): void;
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
  readonly #changed = new Signal();
  readonly #departing = new Set<LiveRun>();
  #phase: Phase = { at: 'down' };
  #since: number;
  #crashesInARow = 0;
  #comesBack = false;
  #upSince: number | undefined;

  constructor(options: DynoOptions) {
    this.type = options.type;
    this.name = options.name;
    this.#options = options;
    this.#since = options.world.time.wall();
  }

  get status(): DynoStatus {
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

  /** Whether no process of it is left and none is to come by itself. */
  get isGone(): boolean {
    return this.#phase.at === 'down' && this.#departing.size === 0;
  }

  /** Whether nothing of it is starting or stopping. */
  get isSettled(): boolean {
    return this.status !== 'starting' && this.#departing.size === 0;
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
    this.#comesBack = false;
    if (!isFirst) this.#sayChange('down', 'starting');
    this.#launch();
  }

  /** As `ps:restart` does: a new run at once, and crashes are forgotten. */
  restart(): void {
    const before = this.status;
    this.#crashesInARow = 0;
    this.#options.log.say('heroku', 'Restarting');
    if (before !== 'starting') this.#sayChange(before, 'starting');
    this.#leavePhase('restart');
    this.#launch();
  }

  /**
   * Stops it; once its last process is gone it starts again.
   * https://devcenter.heroku.com/articles/dyno-restarts: a stopped dyno of the formation comes back
   */
  bounce(): void {
    this.stop('restart');
    this.#comesBack = true;
    this.#comeBack();
  }

  /** Stops it for good. */
  stop(why: StopReason): void {
    this.#comesBack = false;
    const before = this.status;
    if (before === 'down') return;
    this.#crashesInARow = 0;
    this.#sayChange(before, 'down');
    this.#leavePhase(why);
    this.#enter({ at: 'down' });
  }

  /** SIGKILL to everything at once, departing runs included. */
  kill(why: StopReason): void {
    this.stop(why);
    for (const run of this.#departing) run.kill(why);
  }

  /** The next crash counts as the first: after a new release. */
  forgetCrashes(): void {
    this.#crashesInARow = 0;
  }

  #launch(): void {
    const { world, log, plan } = this.#options;
    const run = new LiveRun(randomUUID(), plan(), world, log);
    this.#upSince = undefined;
    const forget = run.onChange((state) => this.#onRunChange(state));
    this.#enter({ at: 'running', run, forget });
    run.start();
  }

  #onRunChange(state: RunState): void {
    if (state.status === 'up') {
      this.#upSince = this.#options.world.time.platform.now();
      this.#sayChange('starting', 'up');
      this.#touch();
    } else if (state.status === 'gone' && state.end.how !== 'cancelled') {
      this.#onCrash(state.end.exit);
    }
  }

  #onCrash(exit: Exit): void {
    const { log, onCrash } = this.#options;
    this.#sayChange(this.#upSince === undefined ? 'starting' : 'up', 'crashed');
    if (this.#wasStable()) this.#crashesInARow = 0;
    this.#crashesInARow += 1;
    this.#enter({ at: 'crashed', cancelRestart: () => {} });
    onCrash(exit);
    if (this.#phase.at !== 'crashed') return;
    const coolOff = coolOffAfter(this.#crashesInARow);
    if (coolOff === 0) return this.#restartAfterCrash();
    log.say(
      'dynosim',
      `crashed ${this.#crashesInARow} times in a row: starts again in ${formatDuration(coolOff)}, or now by: dynosim ps:restart ${this.name}`,
    );
    const { platform } = this.#options.world.time;
    this.#enter({ at: 'crashed', cancelRestart: platform.after(coolOff, () => this.#restartAfterCrash()) });
  }

  #restartAfterCrash(): void {
    this.#sayChange('crashed', 'starting');
    this.#launch();
  }

  #wasStable(): boolean {
    const { platform } = this.#options.world.time;
    return this.#upSince !== undefined && platform.now() - this.#upSince >= STABLE_AFTER;
  }

  #leavePhase(why: StopReason): void {
    const phase = this.#phase;
    if (phase.at === 'crashed') phase.cancelRestart();
    if (phase.at !== 'running') return;
    phase.forget();
    this.#departing.add(phase.run);
    phase.run.onChange((state) => {
      if (state.status !== 'gone') return;
      this.#departing.delete(phase.run);
      this.#changed.emit();
      this.#comeBack();
    });
    phase.run.stop(why);
  }

  #comeBack(): void {
    if (this.#comesBack && this.isGone) this.start({ isFirst: false });
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#touch();
  }

  #touch(): void {
    this.#since = this.#options.world.time.wall();
    this.#changed.emit();
  }

  #sayChange(from: DynoStatus, to: DynoStatus): void {
    this.#options.log.say('heroku', `State changed from ${from} to ${to}`);
  }
}

/** https://devcenter.heroku.com/articles/dyno-restarts: ms of platform time before the next start. */
function coolOffAfter(crashesInARow: number): number {
  return CRASH_COOL_OFFS[Math.min(crashesInARow, CRASH_COOL_OFFS.length) - 1] ?? 0;
}
