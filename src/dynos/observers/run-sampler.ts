import { MB } from '../../base/bytes.js';
import type { Clock } from '../../base/clock.js';
import type { LiveRun } from '../live-run.js';
import type { MetricsLabels, ProcessInfo, TreeMemory } from '../run-plan.js';
import { runtimeError } from '../runtime-errors.js';
import { LoadAverages, labelsOf, memorySamples, totalOf } from './runtime-metrics.js';

/**
 * If the upper bound is below this part of the quota, nothing else is measured. It is less than 1 because the bound is not
 * exact to the page.
 */
const SAFE = 0.9;

interface Sampling {
  readonly processes: ProcessInfo;
  /** Platform time. */
  readonly clock: Clock;
}

interface Metrics {
  readonly memory: TreeMemory;
  /** How many of its threads run, or wait for a CPU. */
  readonly runnable: number;
  readonly faults: number;
}

/** Measures one run from time to time, and logs what the platform says about it. */
export class RunSampler {
  readonly #run: LiveRun;
  readonly #sampling: Sampling;
  readonly #load = new LoadAverages();
  #sampledAt: number;
  #hasTooManyThreads = false;

  constructor(run: LiveRun, sampling: Sampling) {
    this.#run = run;
    this.#sampling = sampling;
    this.#sampledAt = sampling.clock.now();
  }

  /** @returns whether the system tells the memory of this run, as far as that was necessary */
  sample(): boolean {
    const { root, pid, state, plan } = this.#run;
    const isRunning = state?.status === 'starting' || state?.status === 'up';
    if (!isRunning || root === undefined || pid === undefined) return true;
    const { processes } = this.#sampling;
    const pids = processes.processesOf({ root, pid });
    const { threads, mostMemory } = processes.sizeOf(pids);
    this.#judgeThreads(threads);
    // Measuring exactly takes many times as long.
    if (!plan.metrics && mostMemory > 0 && mostMemory <= SAFE * plan.limits.memory) return true;
    const memory = processes.memoryOf(pids);
    if (!memory) return false;
    if (plan.metrics)
      this.#logMetrics(plan.metrics, {
        memory,
        runnable: processes.activityOf(root).runnable,
        faults: processes.faultsOf(pids),
      });
    this.#judgeMemory(totalOf(memory));
    return true;
  }

  /** Heroku logs nothing then: starting a process or thread fails. */
  #judgeThreads(threads: number): void {
    const { log, plan } = this.#run;
    if (threads <= plan.limits.threads || this.#hasTooManyThreads) return;
    this.#hasTooManyThreads = true;
    log.say(
      'dynosim',
      `has ${threads} processes and threads: works here, but on Heroku a dyno of its size cannot start more than ${plan.limits.threads}`,
    );
  }

  #logMetrics(labels: MetricsLabels, { memory, runnable, faults }: Metrics): void {
    const { log, plan, id } = this.#run;
    const now = this.#sampling.clock.now();
    this.#load.add(runnable, now - this.#sampledAt);
    this.#sampledAt = now;
    const head = labelsOf(labels, id);
    log.say('heroku', `${head} ${this.#load}`);
    log.say('heroku', `${head} ${memorySamples(memory, faults, plan.limits.memory)}`);
  }

  /** https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded */
  #judgeMemory(bytes: number): void {
    const { log, plan } = this.#run;
    const { memory, mostMemory } = plan.limits;
    plan.onMemory?.(bytes);
    if (bytes <= memory) return;
    const percent = ((bytes / memory) * 100).toFixed(1);
    log.say('heroku', `Process running mem=${Math.floor(bytes / MB)}M(${percent}%)`);
    // A debugger that takes a snapshot of the heap needs that much again.
    if (bytes > mostMemory && !this.#run.isDebugged) this.#run.onOutOfMemory();
    else log.say('heroku', runtimeError('R14'));
  }
}
