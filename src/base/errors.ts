/**
 * A user's mistake, not a bug: printed in one line with a remedy, without a stack trace. Any other error is a bug in
 * dynosim, and is printed with its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  /**
   * @param code stable, for programs: `PORT_TAKEN`
   * @param message what is wrong, and where
   * @param hint the remedy, in one line, unless the message implies it
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** What is wrong and the remedy, in one line. */
export function inOneLine(message: string, hint?: string): string {
  const text = hint === undefined ? message : `${message.replace(/\.$/, '')}. ${hint}`;
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Ends a switch over a union: a new member of the union then fails to compile here. */
export function unreachable(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** The system's error code (`ENOENT`, `EADDRINUSE`) of a thrown value, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The remedy for a full disk. */
export const FREE_SPACE = 'Free some space, then try again.';

/** Whether a thrown value says that there is no more room: on the disk, or for this user. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
}

/** The message of a thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
