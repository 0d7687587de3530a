/**
 * A mistake of the user's, not a bug: printed as one line plus a remedy, never with a stack trace.
 * Anything else that is thrown is a bug of dynosim's and prints with its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  /**
   * @param code stable, for programs: `PORT_TAKEN`
   * @param message what is wrong, and where
   * @param hint how to mend it, one line; may be left out when the message says it
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Ends a switch over a union: a new member of the union then stops the build here. */
export function unreachable(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** The system's error code (`ENOENT`, `EADDRINUSE`) of anything thrown, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
