import { CYCLING } from '../base/limits.js';
import { Debuggers } from '../dynos/observers/debuggers.js';
import { MemoryMeter } from '../dynos/observers/memory.js';
import { watchPrompts } from '../dynos/observers/prompts.js';
import { Ports } from '../dynos/ports.js';
import { LINUX_PROCESSES, UNKNOWN_PROCESSES } from '../dynos/process-info.js';
import type { RunWorld } from '../dynos/run-plan.js';
import type { HostOptions } from './host.js';

/**
 * Creates what the runs of a host share.
 * @param remark logs a line of dynosim's own in every app
 */
export function createRunWorld(
  {
    time,
    timeouts,
    containment,
    isLinux,
    cycleAfterMs,
  }: Pick<HostOptions, 'time' | 'timeouts' | 'containment' | 'isLinux' | 'cycleAfterMs'>,
  remark: (line: string) => void,
): RunWorld {
  const processes = isLinux ? LINUX_PROCESSES : UNKNOWN_PROCESSES;
  const memory = new MemoryMeter({ time, processes, cpuMs: ownCpuMs, remark });
  return {
    time,
    timeouts,
    containment,
    ports: new Ports(),
    processes,
    memory,
    debuggers: new Debuggers({ processes, clock: time.real }),
    observers: [watchPrompts(time.real), ...(isLinux ? [memory.observe] : [])],
    cycleMs: () => cycleAfterMs * (1 + CYCLING.spread * Math.random()),
  };
}

/** The CPU time that this process has had. */
function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
