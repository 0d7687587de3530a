import { Emitter } from './emitter.js';
import { Queue } from './queue.js';

/** Beyond this, the oldest pieces are dropped. */
const MAX_PIECES = 100_000;

/** The output of a command, which can be read while it runs and afterwards. */
export class Transcript {
  readonly #pieces = new Queue<string>(MAX_PIECES);
  readonly #changed = new Emitter();
  #isOver = false;

  /** The output of a command that ended before dynosim was started. */
  static of(text: string): Transcript {
    const transcript = new Transcript();
    transcript.add(text);
    transcript.end();
    return transcript;
  }

  /** All of it so far. */
  get text(): string {
    return this.#pieces.since(0).join('');
  }

  add(text: string): void {
    this.#pieces.push(text);
    this.#changed.emit();
  }

  end(): void {
    this.#isOver = true;
    this.#changed.emit();
  }

  /** Yields all of it, until the command has ended or one of the signals is aborted. */
  async *read(...enough: readonly AbortSignal[]): AsyncGenerator<string> {
    let next = 0;
    while (!enough.some(({ aborted }) => aborted)) {
      const pieces = this.#pieces.since(next);
      next = this.#pieces.pushed;
      if (pieces.length > 0) yield pieces.join('');
      else if (this.#isOver) return;
      else await this.#changed.next(...enough);
    }
  }
}
