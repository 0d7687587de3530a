import type { Clock } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';

/** Real time. */
export const CODE_VALID_MS = 10 * 60_000;
/** This many wrong guesses void all codes, although 50 bits would suffice without a limit. */
const MAX_WRONG = 10;
/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 10;

/** Single-use login codes. */
export class LoginCodes {
  readonly #clock: Clock;
  /** Codes and when they expire. */
  readonly #codes = new Map<string, number>();
  #wrong = 0;

  /** @param clock real time */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  make(): string {
    const code = Array.from({ length: LENGTH }, () => LETTERS[crypto().randomInt(LETTERS.length)]).join('');
    this.#codes.set(code, this.#clock.now() + CODE_VALID_MS);
    return code;
  }

  /** Uses a code up. Returns whether it was valid. */
  redeem(typed: string): boolean {
    const code = typed.trim().toLowerCase();
    const until = this.#codes.get(code);
    this.#codes.delete(code);
    if (until !== undefined && this.#clock.now() < until) return true;
    this.#wrong += 1;
    if (this.#wrong % MAX_WRONG === 0) this.#codes.clear();
    return false;
  }
}
