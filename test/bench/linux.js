// What Linux tells about processes in /proc.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const isLinux = existsSync('/proc/self/schedstat');

/** A process and all that descend from it: [{ pid, title }]. */
export function processTree(root) {
  const pids = [root];
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      pids.push(...readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean));
    }
  }
  return pids.map((pid) => ({
    pid,
    title: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
  }));
}

/** Processor time that these processes have had, ms. To the nanosecond, where `ps` counts in steps of 10 ms. */
export function cpuMs(pids) {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return ns / 1e6;
}

/** Memory that is this process's own, plus its share of what it shares, MB. */
export function pssMb(pid) {
  return field(`/proc/${pid}/smaps_rollup`, 'Pss');
}

/** Memory of this process, shared pages included, MB. */
export function rssMb(pid) {
  return field(`/proc/${pid}/status`, 'VmRSS');
}

function field(file, name) {
  const [, kb] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'));
  return Number(kb) / 1024;
}
