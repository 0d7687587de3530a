const CTRL_RIGHT_BRACKET = 0x1d;
const [TILDE, DOT, LINE_FEED, CARRIAGE_RETURN, CTRL_C] = [0x7e, 0x2e, 0x0a, 0x0d, 0x03];

/**
 * Finds the keys by which a user detaches in what is typed: Ctrl-], or `~.` at the beginning of a line, as in ssh.
 * Two tildes there send one.
 */
export class DetachKeys {
  #at: 'line start' | 'tilde' | 'line' = 'line start';

  /** @returns what to pass on; of keys with which the user detaches, no line that was not ended */
  read(keys: Buffer): { readonly passed: Buffer; readonly detaches: boolean } {
    const passed: number[] = [];
    for (const key of keys) {
      if (key === CTRL_RIGHT_BRACKET || (this.#at === 'tilde' && key === DOT))
        return { passed: wholeLines(passed), detaches: true };
      if (this.#at === 'tilde' && key !== TILDE) passed.push(TILDE);
      if (this.#at === 'line start' && key === TILDE) {
        this.#at = 'tilde';
        continue;
      }
      passed.push(key);
      this.#at = isLineEnd(key) ? 'line start' : 'line';
    }
    return { passed: Buffer.from(passed), detaches: false };
  }
}

function wholeLines(keys: readonly number[]): Buffer {
  return Buffer.from(keys.slice(0, keys.findLastIndex(isLineEnd) + 1));
}

/** Shells and prompts begin a new line after Ctrl-C, too. */
function isLineEnd(key: number): boolean {
  return key === LINE_FEED || key === CARRIAGE_RETURN || key === CTRL_C;
}
