import { NoAnswer } from '../api/client/control-client.js';
import { ApiError } from '../api/server/errors.js';
import { errorCode, inOneLine, UserError } from '../base/errors.js';

/** System errors of a request to a dynosim that has ended. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** One line for an error that the user can correct; anything else is a bug and keeps its stack. */
export function describeError(error: unknown): unknown {
  if (error instanceof ApiError && error.status === 401) {
    return oneLine(
      'The running dynosim was started with another token',
      'Stop it with Ctrl-C where it was started, or with kill and the pid that "dynosim start" names.',
    );
  }
  if (error instanceof UserError || error instanceof ApiError) return oneLine(error.message, error.hint);
  if (error instanceof NoAnswer)
    return oneLine(
      'The running dynosim does not answer',
      'It may be busy: try again. If Ctrl-Z has stopped it, type fg in its terminal.',
    );
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd')
    return oneLine('The folder you are in is no longer there', 'Change to another one.');
  if (GONE.has(errorCode(error) ?? ''))
    return oneLine('The running dynosim is gone', 'Start it with "dynosim start".');
  return error;
}

function oneLine(message: string, hint?: string): string {
  return `dynosim: ${inOneLine(message, hint)}`;
}
