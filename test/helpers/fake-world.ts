import { PlatformClock } from '../../src/base/clock.js';
import { REAL_TIMEOUTS } from '../../src/base/limits.js';
import type { DynoLog, RunObserver, RunPlan, RunWorld } from '../../src/dynos/run-plan.js';
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
    activity: { isBusy: false, isRunnable: false, cpuMs: 0 },
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
    },
    memory: { of: () => undefined },
    observers,
    cycleMs: () => Number.POSITIVE_INFINITY,
  };
  const log = (dyno: string): DynoLog => ({
    say: (source, line) => lines.push(`${source}[${dyno}]: ${line}`),
    read: () => {},
  });
  const plan = (type: string, name: string, changes: Partial<RunPlan> = {}): RunPlan => ({
    listens: type === 'web',
    command: `run ${type} $PORT`,
    release: 1,
    delayMs: 0,
    spec: ({ port }) => ({ name, command: ['bash', '-c', type], cwd: '/app', env: { PORT: String(port) } }),
    ...changes,
  });
  return { clock, containment, observers, portsElsewhere, portsOf, kernel, lines, world, log, plan };
}
