/**
 * The R codes that dynosim logs. `detail` gets the limit that was exceeded, in seconds.
 * https://devcenter.heroku.com/articles/error-codes
 */
export const RUNTIME_ERRORS = {
  R10: {
    title: 'Boot timeout',
    detail: (seconds: number) => `Web process failed to bind to $PORT within ${seconds} seconds of launch`,
  },
  R12: {
    title: 'Exit timeout',
    detail: (seconds: number) => `At least one process failed to exit within ${seconds} seconds of SIGTERM`,
  },
  R13: { title: 'Attach error', detail: () => 'Failed to attach to process' },
  R14: { title: 'Memory quota exceeded', detail: undefined },
  R15: { title: 'Memory quota vastly exceeded', detail: undefined },
  R16: {
    title: 'Detached',
    detail: () => 'An attached process is not responding to SIGHUP after its external connection was closed.',
  },
} as const satisfies Record<
  `R${number}`,
  { title: string; detail: ((seconds: number) => string) | undefined }
>;

export type RuntimeErrorCode = keyof typeof RUNTIME_ERRORS;

/** `Error R10 (Boot timeout) -> Web process failed …`, `Error R14 (Memory quota exceeded)` */
export function runtimeError(code: RuntimeErrorCode, limitMs = 0): string {
  const { title, detail } = RUNTIME_ERRORS[code];
  return `Error ${code} (${title})${detail ? ` -> ${detail(limitMs / 1000)}` : ''}`;
}
