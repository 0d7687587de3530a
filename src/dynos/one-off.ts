import type { Cancel } from '../base/clock.js';
import { Emitter } from '../base/emitter.js';
import { Hold } from '../base/hold.js';
import { randomId } from '../base/ids.js';
import type { Exit } from '../base/process.js';
import type { DynoStatus } from './dyno.js';
import { LiveRun } from './live-run.js';
import { exitOfRun, type RunState } from './run.js';
import type { DynoLog, RunPlan, RunWorld } from './run-plan.js';
import { runtimeError } from './runtime-errors.js';

/** The interval between SIGHUPs. Uncertain: as seen in logs. */
const HANG_UP_AGAIN_MS = 5000;

/**
 * A dyno that runs one command and never restarts: `run.1234`, `release.1234`.
 * https://devcenter.heroku.com/articles/one-off-dynos
 */
export class OneOff {
  /** `run`, `release` */
  readonly type: string;
  readonly name: string;
  readonly run: LiveRun;
  readonly log: DynoLog;
  /** Resolves when none of its processes is left. */
  readonly exited: Promise<Exit>;
  /** It never starts again. */
  readonly restarts = 0;
  readonly #world: RunWorld;
  readonly #changed = new Emitter();
  #since: number;
  #end: (exit: Exit) => void = () => {};
  #cancelCycle: Cancel = () => {};

  constructor(type: string, name: string, plan: RunPlan, world: RunWorld, log: DynoLog) {
    this.type = type;
    this.name = name;
    this.#world = world;
    this.log = log;
    this.#since = world.time.wall();
    this.run = new LiveRun(randomId(), plan, world, log);
    this.exited = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.run.onChange((state) => this.#onRunChange(state));
  }

  get id(): string {
    return this.run.id;
  }

  get status(): DynoStatus {
    const { state } = this.run;
    if (state?.status === 'gone') return 'down';
    return state?.status === 'up' || state?.status === 'stopping' ? 'up' : 'starting';
  }

  /** Wall-clock time of the last change of status. */
  get since(): number {
    return this.#since;
  }

  /** Calls the listener after every change of status. */
  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  start(): void {
    this.#cycleLater();
    this.run.start();
  }

  #cycleLater(): void {
    const { time, cycleMs } = this.#world;
    this.#cancelCycle = time.platform.after(cycleMs(), () => this.#cycle());
  }

  /** The platform ends it after a day. https://devcenter.heroku.com/articles/dyno-restarts */
  #cycle(): void {
    if (this.run.isDebugged) return this.#cycleLater();
    this.log.say('heroku', 'Cycling');
    this.run.stop();
  }

  /** Stops the dyno. If it has not started, it never will. */
  stop(): void {
    if (this.run.state) this.run.stop();
    else this.#end(exitOfRun({ how: 'cancelled' }));
  }

  /**
   * The client has left: sends SIGHUP repeatedly, and SIGKILL at the end.
   * https://devcenter.heroku.com/articles/error-codes#r16-detached
   */
  hangUp(): void {
    if (this.status === 'down') return;
    const { time, timeouts } = this.#world;
    const hold = new Hold();
    let giveUpAt = time.real.now() + timeouts.shutdown;
    let cancel: Cancel = () => {};
    this.log.say('heroku', 'Client connection closed. Sending SIGHUP to all processes');
    const again = (): void => {
      const now = time.real.now();
      if (now >= giveUpAt) {
        const moreMs = hold.more(this.run.isDebugged, timeouts.shutdown);
        if (moreMs === undefined) {
          this.log.say('heroku', runtimeError('R16'));
          return this.run.kill();
        }
        giveUpAt = now + moreMs;
      }
      this.run.signal('SIGHUP');
      cancel = time.real.after(Math.min(HANG_UP_AGAIN_MS, giveUpAt - now), again);
    };
    void this.exited.then(() => cancel());
    again();
  }

  #onRunChange(state: RunState): void {
    if (state.status === 'up') this.log.say('heroku', 'State changed from starting to up');
    this.#since = this.#world.time.wall();
    this.#changed.emit();
    if (state.status !== 'gone') return;
    this.#cancelCycle();
    this.log.say('heroku', 'State changed from up to complete');
    this.#end(exitOfRun(state.end));
  }
}
