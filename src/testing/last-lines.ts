import { UserError } from '../base/errors.js';

/**
 * Adds the remedy and the last lines of an app's log to the message of an error, and to its stack: test runners print one
 * of these.
 * @param lines empty before the app has written any
 * @param call an error created where the method was called. Its stack replaces that of a UserError, which often leads to
 *   nothing but a timer or an event
 */
export function withLastLines(error: unknown, lines: readonly string[], call?: Error): unknown {
  if (!(error instanceof Error) || told.has(error)) return error;
  told.add(error);
  const { message } = error;
  const stack = call && error instanceof UserError ? stackOf(error, call) : error.stack;
  const hint = 'hint' in error && typeof error.hint === 'string' ? [error.hint] : [];
  const log =
    lines.length === 0 ? [] : ['', "The last lines of the app's log:", ...lines.map((line) => `  ${line}`)];
  set(error, 'message', [message, ...hint, ...log].join('\n'));
  if (stack !== undefined)
    set(
      error,
      'stack',
      stack.replace(message, () => error.message),
    );
  return error;
}

function stackOf(error: Error, { stack = '' }: Error): string {
  return `${error.name}: ${error.message}\n${stack.split('\n').slice(1).join('\n')}`;
}

/** An error may pass through several methods. */
const told = new WeakSet<Error>();

/** A DOMException's own message cannot be assigned. */
function set(error: Error, name: 'message' | 'stack', value: string): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}
