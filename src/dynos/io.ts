import { Writable } from 'node:stream';
import type { StartedTree, TerminalSize } from './contain/index.js';
import { Tee } from './tee.js';

/** What goes into a run and comes out of it. It is there before the process is started. */
export interface RunIo {
  readonly output: Tee;
  /**
   * Its stdin, for everybody who types into it. Ending it ends the run's stdin for good. What the process does not want
   * any more is thrown away.
   */
  readonly input: Writable;
  /** Changes the size of its terminal, if it has one. */
  resize(size: TerminalSize): void;
}

/** The run's own side of it. */
export class LiveIo implements RunIo {
  readonly output = new Tee();
  readonly input: Writable;
  readonly resize: RunIo['resize'];
  #connectInput: (input: Writable | undefined) => void = () => {};

  constructor(resize: RunIo['resize']) {
    this.resize = resize;
    this.input = inputTo(
      new Promise((resolve) => {
        this.#connectInput = resolve;
      }),
    );
  }

  /** The process runs. Resolves when all that it prints has been passed on. */
  connect({ output, input }: StartedTree): Promise<void> {
    this.#connectInput(input);
    return this.output.connect(output);
  }

  /** The run is over. */
  close(): void {
    this.#connectInput(undefined);
    this.output.cancel();
  }
}

/** Passes on what is written once there is somewhere to; a piece counts as written when the process's pipe has it. */
function inputTo(target: Promise<Writable | undefined>): Writable {
  return new Writable({
    write: (data: Buffer, _encoding, done) =>
      void target.then((input) => (input ? input.write(data, () => done()) : done())),
    final: (done) => void target.then((input) => (input ? input.end(() => done()) : done())),
  });
}
