/** How often to look whether a debugger that holds a deadline up has left: ms of real time. */
export const LOOK_AGAIN_MS = 1000;

/**
 * Decides what happens at the end of a deadline for a program that a debugger may have stopped: while one is attached, the
 * deadline does not end, and when it leaves, the deadline begins anew. Asks only then, so deadlines cost nothing before.
 */
export class Hold {
  #isHeld = false;

  /**
   * To be called when the time is up.
   * @param ms the deadline from its beginning
   * @returns after how many ms to call again; undefined if the time is really up
   */
  more(isDebugged: boolean, ms: number): number | undefined {
    if (isDebugged) {
      this.#isHeld = true;
      return LOOK_AGAIN_MS;
    }
    if (!this.#isHeld) return undefined;
    this.#isHeld = false;
    return ms;
  }
}
