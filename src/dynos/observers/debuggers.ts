import type { Clock } from '../../base/clock.js';
import { LOOK_AGAIN_MS } from '../../base/hold.js';
import type { LiveRun } from '../live-run.js';
import type { ProcessInfo } from '../run-plan.js';
import { isPrompt } from './prompts.js';

export interface DebuggersOptions {
  readonly processes: Pick<ProcessInfo, 'debuggerOf'>;
  /** Real time. */
  readonly clock: Clock;
}

interface Sighting {
  readonly at: number;
  readonly holds: boolean;
}

/** A Node program has ended, but its debugger keeps the process, which is not stopped at a breakpoint. */
const OVER = /^Waiting for the debugger to disconnect/;

/**
 * Knows which runs debuggers hold: a dyno that is stopped at a breakpoint is not sick. Looks only when it is asked, which
 * deadlines do when they are due.
 */
export class Debuggers {
  readonly #options: DebuggersOptions;
  readonly #sightings = new WeakMap<LiveRun, Sighting>();
  /** Runs to which a debugger has been attached. */
  readonly #known = new WeakSet<LiveRun>();

  constructor(options: DebuggersOptions) {
    this.#options = options;
  }

  /**
   * Whether a debugger is attached to the run, or the run waits at its start for one that never has been. The answer may be
   * a moment old.
   */
  holds(run: LiveRun): boolean {
    const now = this.#options.clock.now();
    const last = this.#sightings.get(run);
    if (last && now - last.at < LOOK_AGAIN_MS / 2) return last.holds;
    const holds = this.#look(run);
    this.#sightings.set(run, { at: now, holds });
    return holds;
  }

  #look(run: LiveRun): boolean {
    const { root, state, io, lastWords } = run;
    if (root === undefined) return false;
    if (io.hasGuests && isPrompt(lastWords.unfinishedLine)) return this.#onAttached(run);
    if (state?.status === 'stopping' && lastWords.lines.some((line) => OVER.test(line))) return false;
    const found = this.#options.processes.debuggerOf(root);
    if (found === 'attached') return this.#onAttached(run);
    return found === 'awaited' && state?.status === 'starting' && !this.#known.has(run);
  }

  #onAttached(run: LiveRun): true {
    if (!this.#known.has(run))
      run.log.say(
        'dynosim',
        'a debugger is attached: until it leaves, nothing times out, sleeps or is cycled',
      );
    this.#known.add(run);
    return true;
  }
}
