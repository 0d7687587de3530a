import type { Clock } from '../base/clock.js';
import type { RunRequests } from './run-plan.js';

/** The interval between queries to the system. */
const ASK_AGAIN_MS = 5;
/** How long to wait for a process that does not read. */
const READ_WITHIN_MS = 1000;
/** The same if the system does not tell whether it reads. */
const READ_UNSEEN_MS = 50;

interface Unread {
  /** The run's ID. */
  readonly run: string;
  readonly requests: RunRequests | undefined;
  readonly clock: Clock;
  /** Whether there is data that the run has not read; undefined if unknown. */
  hasUnread(): boolean | undefined;
}

/**
 * Calls back when a run has read all requests on their way to it, or they are over, or after a time limit. After
 * SIGTERM, a process closes connections that seem idle, including those with a request that it has not read yet.
 */
export function whenRead({ run, requests, clock, hasUnread }: Unread, callback: () => void): void {
  if (!requests?.hasAnyFor(run)) return callback();
  const lastMoment = clock.now() + READ_WITHIN_MS;
  let cancel = (): void => {};
  const done = (): void => {
    unsubscribe();
    cancel();
    callback();
  };
  const unsubscribe = requests.onChange(() => {
    if (!requests.hasAnyFor(run)) done();
  });
  const ask = (): void => {
    const isUnread = hasUnread();
    if (isUnread === undefined) cancel = clock.after(READ_UNSEEN_MS, done);
    else if (isUnread && clock.now() < lastMoment) cancel = clock.after(ASK_AGAIN_MS, ask);
    else done();
  };
  ask();
}
