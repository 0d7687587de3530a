import { Emitter } from '../base/emitter.js';

/**
 * Tells the readers of dynos' output whether to read on. It is held while the terminal or pipe that shows the log
 * is slower than the dynos: a reader then leaves the output in the dyno's pipe, where it makes the dyno wait.
 */
export class Gate {
  #isHeld = false;
  #isRetired = false;
  readonly #changes = new Emitter<boolean>();

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Tells of every change. Look at `isHeld` after subscribing: it may be held already. */
  subscribe(listener: (isHeld: boolean) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  hold(): void {
    if (!this.#isRetired) this.#set(true);
  }

  release(): void {
    this.#set(false);
  }

  /**
   * Never hold again: for a shutdown, in which a dyno must not wait for the terminal to say its last words.
   * Lines that the terminal cannot take are then dropped.
   */
  retire(): void {
    this.#isRetired = true;
    this.#set(false);
  }

  #set(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#changes.emit(isHeld);
  }
}
