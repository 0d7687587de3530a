import type { LiveRun } from '../live-run.js';
import type { RunObserver } from '../run-plan.js';

/** Measures what the runs of a host use of memory, when asked. */
export class MemoryMeter {
  readonly #live = new Set<LiveRun>();
  readonly #memoryOf: (root: number) => number | undefined;

  /** @param memoryOf what a process and all that descend from it use, in bytes; undefined where the system does not tell */
  constructor(memoryOf: (root: number) => number | undefined) {
    this.#memoryOf = memoryOf;
  }

  readonly observe: RunObserver = (run) => {
    this.#live.add(run);
    return () => this.#live.delete(run);
  };

  /** In bytes; undefined for a run without processes, and where the system does not tell. */
  of(run: LiveRun): number | undefined {
    return this.#live.has(run) && run.root !== undefined ? this.#memoryOf(run.root) : undefined;
  }
}
