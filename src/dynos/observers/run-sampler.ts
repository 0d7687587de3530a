import { MB } from '../../base/bytes.js';
import type { Clock } from '../../base/clock.js';
import type { LiveRun } from '../live-run.js';
import type { MetricsLabels, ProcessInfo, TreeMemory, TreeProcesses } from '../run-plan.js';
import { runtimeError } from '../runtime-errors.js';
import { LoadAverages, labelsOf, memorySamples, totalOf } from './runtime-metrics.js';

/** Below this part of the quota by the upper bound, which is not exact to the page, nothing else need be measured. */
const SAFE = 0.9;

interface Sampling {
  readonly processes: ProcessInfo;
  /** Platform time. */
  readonly clock: Clock;
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
    const tree = { root, pid };
    const { threads, mostMemory } = this.#sampling.processes.sizeOf(tree);
    this.#judgeThreads(threads);
    // Measuring exactly takes many times as long.
    if (!plan.metrics && mostMemory > 0 && mostMemory <= SAFE * plan.limits.memory) return true;
    const memory = this.#sampling.processes.memoryOf(tree);
    if (!memory) return false;
    if (plan.metrics) this.#logMetrics(plan.metrics, tree, memory);
    this.#judgeMemory(totalOf(memory));
    return true;
  }

  /** On Heroku, nobody tells: starting a process or thread fails. */
  #judgeThreads(threads: number): void {
    const { log, plan } = this.#run;
    if (threads <= plan.limits.threads || this.#hasTooManyThreads) return;
    this.#hasTooManyThreads = true;
    log.say(
      'dynosim',
      `has ${threads} processes and threads: works here, but on Heroku a dyno of its size cannot start more than ${plan.limits.threads}`,
    );
  }

  #logMetrics(labels: MetricsLabels, tree: TreeProcesses, memory: TreeMemory): void {
    const { processes, clock } = this.#sampling;
    const { log, plan, id } = this.#run;
    const now = clock.now();
    this.#load.add(processes.activityOf(tree.root).runnable, now - this.#sampledAt);
    this.#sampledAt = now;
    const head = labelsOf(labels, id);
    log.say('heroku', `${head} ${this.#load}`);
    const samples = memorySamples(memory, processes.faultsOf(tree), plan.limits.memory);
    log.say('heroku', `${head} ${samples}`);
  }

  /** https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded */
  #judgeMemory(bytes: number): void {
    const { log, plan } = this.#run;
    const { memory, mostMemory } = plan.limits;
    if (bytes <= memory) return;
    const percent = ((bytes / memory) * 100).toFixed(1);
    log.say('heroku', `Process running mem=${Math.floor(bytes / MB)}M(${percent}%)`);
    if (bytes > mostMemory) this.#run.onOutOfMemory();
    else log.say('heroku', runtimeError('R14'));
  }
}
