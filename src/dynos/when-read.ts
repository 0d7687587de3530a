import type { Clock } from '../base/clock.js';
import type { RunRequests } from './run-plan.js';

/** How soon the system is asked again. */
const ASK_AGAIN_MS = 5;
/** A process that reads nothing for so long will not read it before it is told to stop. */
const READ_WITHIN_MS = 1000;
/** The same where the system does not tell. */
const READ_UNSEEN_MS = 50;

interface Unread {
  /** The id of a run. */
  readonly run: string;
  readonly requests: RunRequests | undefined;
  readonly clock: Clock;
  /** Whether something was sent to the run that it has not read; undefined: nobody knows. */
  hasUnread(): boolean | undefined;
}

/**
 * Calls back once a run has read all requests that are on their way to it, or they are over: a process that gets SIGTERM
 * closes connections that look unused to it, also those whose request it has not read yet. A process that does not read
 * is not waited for.
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
