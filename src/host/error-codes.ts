import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';
import { RUNTIME_ERRORS, type RuntimeErrorCode } from '../dynos/runtime-errors.js';
import type { LogEntry } from '../logs/entry.js';
import { ROUTER_ERRORS, type RouterErrorCode } from '../router/errors.js';

/** A code of https://devcenter.heroku.com/articles/error-codes that dynosim logs. */
export type ErrorCode = RouterErrorCode | RuntimeErrorCode;

/** Upper and lower case are the same. */
const CODES = new Map<string, ErrorCode>(
  [
    ...(Object.keys(ROUTER_ERRORS) as RouterErrorCode[]),
    ...(Object.keys(RUNTIME_ERRORS) as RuntimeErrorCode[]),
  ].map((code) => [code, code]),
);

/**
 * Reads `R12,H12`.
 * @param flag the flag that has it, for the error
 * @throws UserError `UNKNOWN_ERROR_CODE`
 */
export function parseErrorCodes(text: string, flag: string): readonly ErrorCode[] {
  return text.split(',').map((word) => {
    const code = CODES.get(word.trim().toUpperCase());
    if (code !== undefined) return code;
    const known = [...CODES.keys()].join(', ');
    throw new UserError(
      'UNKNOWN_ERROR_CODE',
      `${flag}: dynosim never logs ${quote(word)}`,
      `The codes are ${known}.`,
    );
  });
}

/** The error that a line of an app's log reports, if any. */
export function errorCodeIn({ source, line, router }: LogEntry): ErrorCode | undefined {
  if (source !== 'heroku') return undefined;
  const code = router ? router.code : /^Error (R\d+) \(/.exec(line)?.[1];
  return CODES.get(code ?? '');
}
