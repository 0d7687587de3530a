import { existsSync, readFileSync } from 'node:fs';
import { errorCode } from '../base/errors.js';
import { readOrEmpty } from '../base/read.js';
import type { ProcessTree } from './contain/index.js';
import { processTree } from './proc.js';
import type { TreeMemory, TreeSize } from './run-plan.js';

/** Measures the memory of process trees on Linux. https://docs.kernel.org/filesystems/proc.html */

/** `/proc` writes kB for KiB. */
const KIB = 1024;

export function processesOf({ root, pid }: Pick<ProcessTree, 'root' | 'pid'>): readonly number[] {
  return processTree(root).filter((one) => one === pid || one !== root);
}

export function sizeOf(pids: readonly number[]): TreeSize {
  let [threads, mostMemory] = [0, 0];
  for (const pid of pids) {
    const status = readOrEmpty(`/proc/${pid}/status`, 'latin1');
    threads += numberIn(status, /^Threads:\s+(\d+)/m);
    mostMemory += kibIn(status, 'VmRSS') + kibIn(status, 'VmSwap');
  }
  return { threads, mostMemory };
}

export function memoryOf(pids: readonly number[]): TreeMemory | undefined {
  const rollups = pids.map(rollupOf).filter((rollup) => rollup !== undefined);
  if (rollups.length === 0 && pids.length > 0) return undefined;
  const sum = { rss: 0, cache: 0, swap: 0 };
  for (const rollup of rollups) {
    const pss = kibIn(rollup, 'Pss');
    // Linux before 5.10 does not tell them apart.
    const rss = /^Pss_Anon:/m.test(rollup) ? kibIn(rollup, 'Pss_Anon') : pss;
    sum.rss += rss;
    sum.cache += pss - rss;
    sum.swap += kibIn(rollup, 'SwapPss');
  }
  return sum;
}

export function faultsOf(pids: readonly number[]): number {
  return pids
    .flatMap((pid) => {
      const stat = readOrEmpty(`/proc/${pid}/stat`, 'latin1');
      // Behind the name, which may have anything in it: minor and major faults, each of it and of its dead children.
      return stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(7, 11);
    })
    .reduce((sum, faults) => sum + Number(faults), 0);
}

/** The text about one process: empty if it is gone, undefined if the system does not tell. */
function rollupOf(pid: number): string | undefined {
  const file = `/proc/${pid}/smaps_rollup`;
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    const code = errorCode(error);
    return code === 'ESRCH' || (code === 'ENOENT' && !existsSync(`/proc/${pid}`)) ? '' : undefined;
  }
}

function kibIn(text: string, name: string): number {
  return numberIn(text, new RegExp(`^${name}:\\s+(\\d+) kB`, 'm')) * KIB;
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
