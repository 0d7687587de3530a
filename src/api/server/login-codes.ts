import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock.js';

const VALID_MS = 10 * 60_000;
/** After so many wrong guesses, codes that were given out are void: 50 bits would last anyway. */
const MAX_WRONG = 10;
/** Those that nobody mistakes for another one. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 10;

/** Codes that a user gets from `dynosim info --code` to log in with, once each. */
export class LoginCodes {
  readonly #clock: Clock;
  /** When each is over. */
  readonly #codes = new Map<string, number>();
  #wrong = 0;

  /** @param clock real time */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  make(): string {
    const code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    this.#codes.set(code, this.#clock.now() + VALID_MS);
    return code;
  }

  /** Whether it is one, which it is no longer then. */
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
