import { Emitter } from '../base/emitter.js';

/**
 * Stops the readers of dynos' output while the terminal or pipe that shows the log is slower than the dynos. The output
 * then stays in the dynos' pipes, which makes the dynos wait.
 */
export class Gate {
  #isHeld = false;
  #isRetired = false;
  readonly #changes = new Emitter<boolean>();

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Calls the listener after every change. Check `isHeld` after subscribing: the gate may already be held. */
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
   * Never holds again. For the shutdown, when a dyno must not wait for the terminal: lines that the terminal does not
   * accept are dropped.
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
