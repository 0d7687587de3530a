// Reads facts about processes from Linux's /proc.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const isLinux = existsSync('/proc/self/schedstat');

/** A process and its helpers: dynosim has a guard and an init for each dyno, nginx a worker. No dyno is among them. */
export function ownProcesses(root) {
  const isHelper = /^(?:dynosim guard|init of |nginx: worker)/;
  const found = [root];
  for (const pid of found) found.push(...childrenOf(pid).filter((child) => isHelper.test(titleOf(child))));
  return found;
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

function childrenOf(pid) {
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const children = unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
    return children.split(' ').filter(Boolean);
  });
}

function titleOf(pid) {
  return unlessGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
}

/** undefined if the process has ended in the meantime. */
function unlessGone(read) {
  try {
    return read();
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    return undefined;
  }
}
