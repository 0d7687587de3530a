import { UserError } from '../base/errors.js';

/** @throws UserError `ABORTED` */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The error for a start whose signal was aborted. */
export function aborted({ reason }: AbortSignal): UserError {
  const error = new UserError('ABORTED', 'The start of the app was aborted');
  error.cause = reason;
  return error;
}

/** Calls a listener when a signal is aborted, at once if it has been. The result ends that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  signal?.addEventListener('abort', listener);
  return () => signal?.removeEventListener('abort', listener);
}
