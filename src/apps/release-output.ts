import { Emitter } from '../base/emitter.js';
import { Queue } from '../base/queue.js';

/** More than a release command should have to say; the beginning goes first, as on Heroku. */
const MAX_LINES = 100_000;

/** The output of a release's command: kept, and read as it comes. */
export class ReleaseOutput {
  readonly #lines = new Queue<string>(MAX_LINES);
  readonly #changed = new Emitter();
  #isOver = false;

  add(line: string): void {
    this.#lines.push(line);
    this.#changed.emit();
  }

  end(): void {
    this.#isOver = true;
    this.#changed.emit();
  }

  /** All lines, until the command has ended or somebody has had enough. */
  async *read(...enough: readonly AbortSignal[]): AsyncGenerator<string> {
    let next = 0;
    while (!enough.some(({ aborted }) => aborted)) {
      const lines = this.#lines.since(next);
      next = this.#lines.pushed;
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
      else if (this.#isOver) return;
      else await this.#changed.next(...enough);
    }
  }
}
