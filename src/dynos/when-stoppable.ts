import type { LiveRun } from './live-run.js';
import type { RunWorld } from './run-plan.js';

/** The interval between queries to the system. */
const LOOK_AGAIN_MS = 5;
/** How long to wait for a run that makes no progress. */
const PATIENCE_MS = 1000;
/** The same if the system does not tell whether the run reads. */
const BLIND_PATIENCE_MS = 50;

/**
 * Calls back when SIGTERM costs no request and takes no program by surprise, or after a time limit. After SIGTERM, a
 * process closes connections that seem idle, including those with a request that it has not read yet. And a process that
 * has only just begun to listen may not handle SIGTERM yet: it would die at once, and leave its pid file to the next run.
 */
export function whenStoppable(run: LiveRun, { time, processes }: RunWorld, callback: () => void): void {
  const { root, listening, plan } = run;
  if (root === undefined || listening === undefined) return callback();
  let before = { left: -1, now: 0, cpuMs: 0 };
  let spentMs = 0;
  const look = (): void => {
    const requests = plan.requests?.of(run.id) ?? [];
    const left = requests.length;
    const isSent = requests.every((request) => request.isSent);
    const isUnread = left > 0 && (!isSent || processes.hasUnread(listening.port));
    const { isBusy, runnable, cpuMs } = processes.activityOf(root);
    const now = time.real.now();
    // Of a process that waits for a CPU, the time counts only when it has one: the machine may be slow.
    if (left === before.left) spentMs += runnable > 0 ? cpuMs - before.cpuMs : now - before.now;
    else spentMs = 0;
    before = { left, now, cpuMs };
    const isReady = isUnread === false && !isBusy;
    const limit = isUnread === undefined ? BLIND_PATIENCE_MS : PATIENCE_MS;
    if (run.root === undefined || isReady || spentMs >= limit) callback();
    else time.real.after(LOOK_AGAIN_MS, look);
  };
  look();
}
