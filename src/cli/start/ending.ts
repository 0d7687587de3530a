import { Emitter } from '../../base/emitter.js';

/** How this run of dynosim ends: by what comes first. */
export class Ending {
  /** Resolves with the exit status when somebody or something wants the end. */
  readonly status: Promise<number>;
  /** Emits when the user does not want to wait for a graceful end. */
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
