import { Emitter } from '../../base/emitter.js';

/** How this run of dynosim ends: the first reason counts. */
export class Ending {
  /** Resolves with the exit status when the end is decided. */
  readonly status: Promise<number>;
  /** Emits when the user wants to end at once. */
  readonly hurry = new Emitter();
  #isDecided = false;
  #decide: (status: number) => void = () => {};

  constructor() {
    this.status = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** The first one counts. */
  decide(status: number): void {
    this.#isDecided = true;
    this.#decide(status);
  }
}
