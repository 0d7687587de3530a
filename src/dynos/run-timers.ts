import type { Cancel } from '../base/clock.js';
import { unreachable } from '../base/errors.js';
import { Hold } from '../base/hold.js';
import type { RunEvent, TimerName } from './run.js';
import type { RunWorld } from './run-plan.js';

export interface RunTimersOptions {
  readonly world: Pick<RunWorld, 'time' | 'timeouts'>;
  /** Before the run begins, platform time. */
  readonly delayMs: number;
  /** Whether a debugger holds the run: then no deadline ends it. */
  isHeldUp(): boolean;
  onEvent(event: RunEvent): void;
}

/** The timers of one run: its delay in platform time, and its deadlines in real time. */
export class RunTimers {
  readonly #options: RunTimersOptions;
  readonly #armed = new Map<TimerName, Cancel>();

  constructor(options: RunTimersOptions) {
    this.#options = options;
  }

  arm(timer: TimerName): void {
    const { world, delayMs, onEvent } = this.#options;
    const { time, timeouts } = world;
    switch (timer) {
      case 'delay':
        return void this.#armed.set(
          timer,
          time.platform.after(delayMs, () => onEvent({ type: 'delayOver' })),
        );
      case 'boot':
        return this.#armDeadline(timer, timeouts.boot, { type: 'bootTimedOut' });
      case 'exit':
        return this.#armDeadline(timer, timeouts.shutdown, { type: 'exitTimedOut' });
      default:
        return unreachable(timer);
    }
  }

  disarm(timer: TimerName): void {
    this.#armed.get(timer)?.();
    this.#armed.delete(timer);
  }

  #armDeadline(timer: TimerName, ms: number, event: RunEvent): void {
    const { world, isHeldUp, onEvent } = this.#options;
    const hold = new Hold();
    const wait = (leftMs: number): void => {
      const cancel = world.time.real.after(leftMs, () => {
        const moreMs = hold.more(isHeldUp(), ms);
        if (moreMs === undefined) onEvent(event);
        else wait(moreMs);
      });
      this.#armed.set(timer, cancel);
    };
    wait(ms);
  }
}
