import { debuggerOf } from './debugger.js';
import { activityOf, hasUnread, portsOfTree } from './proc.js';
import type { ProcessInfo } from './run-plan.js';
import { faultsOf, memoryOf, processesOf, sizeOf } from './tree-memory.js';

/** What Linux tells about processes. */
export const LINUX_PROCESSES: ProcessInfo = {
  portsOf: portsOfTree,
  hasUnread,
  activityOf,
  processesOf,
  sizeOf,
  memoryOf,
  debuggerOf,
  faultsOf,
};

/** For systems without /proc. */
export const UNKNOWN_PROCESSES: ProcessInfo = {
  portsOf: () => [],
  hasUnread: () => undefined,
  activityOf: () => ({ isBusy: false, runnable: 0, cpuMs: 0 }),
  processesOf: () => [],
  sizeOf: () => ({ threads: 0, mostMemory: 0 }),
  memoryOf: () => undefined,
  debuggerOf: () => 'none',
  faultsOf: () => 0,
};
