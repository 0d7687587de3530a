import type { LiveRun } from '../live-run.js';
import type { RunObserver } from '../run-plan.js';

/** Measures the memory of a host's runs on demand. */
export class MemoryMeter {
  readonly #live = new Set<LiveRun>();
  readonly #memoryOf: (root: number) => number | undefined;

  /** @param memoryOf the memory of a process and its descendants, in bytes; undefined if the system does not tell */
  constructor(memoryOf: (root: number) => number | undefined) {
    this.#memoryOf = memoryOf;
  }

  readonly observe: RunObserver = (run) => {
    this.#live.add(run);
    return () => this.#live.delete(run);
  };

  /** In bytes; undefined for a run without processes, or if the system does not tell. */
  of(run: LiveRun): number | undefined {
    return this.#live.has(run) && run.root !== undefined ? this.#memoryOf(run.root) : undefined;
  }
}
