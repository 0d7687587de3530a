/**
 * Adds the last lines of an app's log to the message of an error, and to the stack, which test runners print.
 * @param lines none: the error stays as it is
 */
export function withLastLines(error: unknown, app: string, lines: readonly string[]): unknown {
  if (!(error instanceof Error) || told.has(error)) return error;
  told.add(error);
  const { message, stack } = error;
  const hint = 'hint' in error && typeof error.hint === 'string' ? `\n${error.hint}` : '';
  const log =
    lines.length === 0
      ? `\n\nThe log of ${app} is empty.`
      : `\n\nThe last lines of the log of ${app}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
  const text = `${message}${hint}${log.trimEnd()}`;
  // A DOMException's own message cannot be assigned.
  Object.defineProperty(error, 'message', { value: text, configurable: true, writable: true });
  if (stack !== undefined) {
    const value = message === '' ? stack : stack.replace(message, () => text);
    Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  }
  return error;
}

/** An error may pass through several methods. */
const told = new WeakSet<Error>();
