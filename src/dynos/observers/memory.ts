import { type Cancel, pause, type Time } from '../../base/clock.js';
import type { LiveRun } from '../live-run.js';
import type { ProcessInfo, RunObserver } from '../run-plan.js';
import { RunSampler } from './run-sampler.js';
import { totalOf } from './runtime-metrics.js';

/** Platform time. As seen in logs. */
const SAMPLE_MS = 20_000;

/** Between two rounds, in ms of real time, however fast platform time runs. */
const PAUSE = {
  least: 2000,
  /** At least this many times the CPU time of the last round, so that measuring takes 1 % of a core at most. */
  factor: 100,
  /** Never longer than this, whatever measuring costs. */
  most: 20_000,
} as const;

export interface MemoryMeterOptions {
  readonly time: Time;
  readonly processes: ProcessInfo;
  /** The CPU time that this process has had. */
  cpuMs(): number;
  /** Says once why something cannot be measured. */
  remark(line: string): void;
}

/** On demand, in ms of real time. */
const REFRESH = {
  /** How often a run is measured at most. */
  everyMs: 900,
  /** How long a run's turn may come after somebody wanted to see it. */
  wantedMs: 2000,
  /** The CPU time of measuring, multiplied by this, is the time that it may be spread over: 0.1 % of a core. */
  factor: 1000,
  /** At first, as much may be measured as fills this time. */
  burstMs: 50_000,
} as const;

/** Measures the memory of a host's runs: regularly, to log what exceeds their quotas, and on demand. */
export class MemoryMeter {
  readonly #options: MemoryMeterOptions;
  readonly #samplers = new Map<LiveRun, RunSampler>();
  #cancelRound: Cancel = () => {};
  /** Real time. */
  #quietUntil = 0;
  #hasRemarked = false;
  /** When somebody last wanted to see each run: real time. */
  readonly #wanted = new Map<LiveRun, number>();
  /** When each run was last measured on demand: real time. */
  readonly #refreshed = new WeakMap<LiveRun, number>();
  /** Until when measuring on demand has used up what it may use: real time. */
  #paidUntil = 0;

  constructor(options: MemoryMeterOptions) {
    this.#options = options;
  }

  readonly observe: RunObserver = (run) => {
    const { time, processes } = this.#options;
    this.#samplers.set(run, new RunSampler(run, { processes, clock: time.platform }));
    if (this.#samplers.size === 1) this.#planRound();
    return () => this.#forget(run);
  };

  /** In bytes; undefined for a run without processes, or if the system does not tell. */
  of(run: LiveRun): number | undefined {
    const { root, pid } = run;
    if (root === undefined || pid === undefined) return undefined;
    const { processes } = this.#options;
    const memory = processes.memoryOf(processes.processesOf({ root, pid }));
    if (!memory) return undefined;
    const bytes = totalOf(memory);
    run.plan.onMemory?.(bytes);
    return bytes;
  }

  /**
   * Measures some of these runs and of those that others have just asked for, those first that have not been measured for
   * the longest time. It may be called as often as somebody wants to see them: all calls together take 0.1 % of a core at
   * most.
   */
  refresh(runs: readonly LiveRun[]): void {
    const { time, cpuMs } = this.#options;
    const lastOf = (run: LiveRun): number => this.#refreshed.get(run) ?? Number.NEGATIVE_INFINITY;
    const now = time.real.now();
    for (const run of runs) this.#wanted.set(run, now);
    for (const [run, at] of this.#wanted) if (now - at > REFRESH.wantedMs) this.#wanted.delete(run);
    const due = [...this.#wanted.keys()].filter((run) => now - lastOf(run) >= REFRESH.everyMs);
    for (const run of due.sort((a, b) => lastOf(a) - lastOf(b))) {
      if (this.#paidUntil > now + REFRESH.burstMs) return;
      const before = cpuMs();
      this.of(run);
      this.#refreshed.set(run, now);
      this.#paidUntil = Math.max(this.#paidUntil, now) + (cpuMs() - before) * REFRESH.factor;
    }
  }

  #forget(run: LiveRun): void {
    this.#wanted.delete(run);
    this.#samplers.delete(run);
    if (this.#samplers.size === 0) this.#cancelRound();
  }

  #planRound(): void {
    const { platform, real } = this.#options.time;
    this.#cancelRound();
    this.#cancelRound = platform.after(SAMPLE_MS, () => {
      const wait = this.#quietUntil - real.now();
      if (wait <= 0) void this.#measureAll();
      else this.#cancelRound = real.after(wait, () => void this.#measureAll());
    });
  }

  async #measureAll(): Promise<void> {
    const { cpuMs } = this.#options;
    const { real } = this.#options.time;
    let costMs = 0;
    for (const [run, sampler] of [...this.#samplers]) {
      if (!this.#samplers.has(run)) continue;
      const before = cpuMs();
      if (!sampler.sample()) this.#onUnreadable(run);
      costMs += cpuMs() - before;
      // Requests do not wait until all have been measured.
      await pause(real, 0);
    }
    this.#quietUntil = real.now() + Math.min(PAUSE.most, Math.max(PAUSE.least, costMs * PAUSE.factor));
    if (this.#samplers.size > 0) this.#planRound();
  }

  #onUnreadable(run: LiveRun): void {
    this.#samplers.delete(run);
    if (this.#hasRemarked) return;
    this.#hasRemarked = true;
    this.#options.remark(NO_MEMORY);
  }
}

/** Said once; on systems other than Linux, at the start. */
export const NO_MEMORY =
  'The memory of dynos cannot be measured here, so there is no R14 or R15: this takes Linux, with a readable /proc/PID/smaps_rollup.';
