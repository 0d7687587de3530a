import { PlatformClock } from '../../src/base/clock.js';
import { REAL_TIMEOUTS } from '../../src/base/limits.js';
import { limitsOf } from '../../src/base/sizes.js';
import type { DebuggerState } from '../../src/dynos/debugger.js';
import { Debuggers } from '../../src/dynos/observers/debuggers.js';
import { totalOf } from '../../src/dynos/observers/runtime-metrics.js';
import type { DynoLog, RunObserver, RunPlan, RunWorld, TreeMemory } from '../../src/dynos/run-plan.js';
import { FakeContainment } from './fake-containment.js';
import { ManualClock } from './manual-clock.js';

/** A world of dynos in which nothing is real: time stands still, and the test controls processes. */
export function fakeWorld() {
  const clock = new ManualClock();
  const containment = new FakeContainment();
  const portsElsewhere: number[] = [];
  /** What else listens, by the root of its process tree. */
  const portsOf = new Map<number, readonly number[]>();
  const kernel = {
    hasUnread: false as boolean | undefined,
    activity: { isBusy: false, runnable: 0, cpuMs: 0 },
    /** Of each tree; undefined: the system does not tell. */
    memory: { rss: 0, cache: 0, swap: 0 } as TreeMemory | undefined,
    threads: 1,
    debugger: 'none' as DebuggerState,
    faults: 0,
  };
  const lines: string[] = [];
  const observers: RunObserver[] = [];
  let lastPort = 20_000;
  const world: RunWorld = {
    time: { real: clock, platform: new PlatformClock(clock), wall: () => clock.now() },
    timeouts: REAL_TIMEOUTS,
    containment,
    ports: { take: async () => ++lastPort },
    processes: {
      portsOf: (root) => portsOf.get(root) ?? portsElsewhere,
      hasUnread: () => kernel.hasUnread,
      activityOf: () => kernel.activity,
      processesOf: ({ pid }) => [pid],
      sizeOf: () => ({ threads: kernel.threads, mostMemory: kernel.memory ? 2 * totalOf(kernel.memory) : 0 }),
      memoryOf: () => kernel.memory,
      debuggerOf: () => kernel.debugger,
      faultsOf: () => kernel.faults,
    },
    memory: { of: () => undefined, refresh: () => {} },
    debuggers: new Debuggers({ clock, processes: { debuggerOf: () => kernel.debugger } }),
    observers,
    cycleMs: () => Number.POSITIVE_INFINITY,
  };
  const log = (dyno: string): DynoLog => ({
    say: (source, line) => lines.push(`${source}[${dyno}]: ${line}`),
    read: () => {},
  });
  const plan = (type: string, name: string, changes: Partial<RunPlan> = {}): RunPlan => ({
    name,
    listens: type === 'web',
    command: `run ${type} $PORT`,
    release: 1,
    delayMs: 0,
    limits: limitsOf('Eco'),
    spec: ({ port }) => ({ name, command: ['bash', '-c', type], cwd: '/app', env: { PORT: String(port) } }),
    ...changes,
  });
  return { clock, containment, observers, portsElsewhere, portsOf, kernel, lines, world, log, plan };
}
