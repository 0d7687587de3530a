import { once } from 'node:events';
import { Writable } from 'node:stream';
import type { ProcessTree } from './contain/index.js';
import { Tee } from './tee.js';

/** A run's input and output. It exists before the process starts. */
export class RunIo {
  readonly output = new Tee();
  /**
   * The run's stdin, for the client for which it runs: ending it ends the stdin for good. Input that the process no
   * longer reads is discarded.
   */
  readonly input: Writable;
  #guests = 0;
  #connectInput: (input: Writable | undefined) => void = () => {};

  constructor() {
    this.input = inputTo(
      new Promise((resolve) => {
        this.#connectInput = resolve;
      }),
    );
    // Any number of guests may wait for room.
    this.input.setMaxListeners(0);
  }

  /** Whether an input of a guest has not been destroyed. */
  get hasGuests(): boolean {
    return this.#guests > 0;
  }

  /**
   * The run's stdin for a guest, who neither ends it nor leaves anything behind: destroying the stream discards what
   * has not yet had room.
   */
  openInput(): Writable {
    const left = new AbortController();
    this.#guests += 1;
    return new Writable({
      write: (data: Buffer, _encoding, done) => {
        const pass = (): void => void (this.input.writable ? this.input.write(data, () => done()) : done());
        void untilRoom(this.input, left.signal).then(pass, () => done());
      },
      destroy: (error, done) => {
        left.abort();
        this.#guests -= 1;
        done(error);
      },
    });
  }

  /** Connects a started process. Resolves when all of its output has been passed on. */
  connect({ output, input }: Pick<ProcessTree, 'output' | 'input'>): Promise<void> {
    this.#connectInput(input);
    return this.output.connect(output);
  }

  /** Ends the streams at the end of the run. */
  close(): void {
    this.#connectInput(undefined);
    this.output.cancel();
  }
}

/** @throws AbortError if the signal is aborted first */
async function untilRoom(input: Writable, signal: AbortSignal): Promise<void> {
  while (input.writableNeedDrain) await once(input, 'drain', { signal });
}

/** Passes on input when there is a target. A chunk counts as written when it is in the process's pipe. */
function inputTo(target: Promise<Writable | undefined>): Writable {
  return new Writable({
    write: (data: Buffer, _encoding, done) =>
      void target.then((input) => (input ? input.write(data, () => done()) : done())),
    final: (done) => void target.then((input) => (input ? input.end(() => done()) : done())),
  });
}
