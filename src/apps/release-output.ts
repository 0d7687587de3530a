import { Emitter } from '../base/emitter.js';
import { Queue } from '../base/queue.js';

/** Beyond this, the oldest lines are dropped. */
const MAX_LINES = 100_000;

/** The output of a release command, which can be read while it runs and afterwards. */
export class ReleaseOutput {
  readonly #lines = new Queue<string>(MAX_LINES);
  readonly #changed = new Emitter();
  #isOver = false;

  /** The output of a command that ended before dynosim was started. */
  static of(text: string): ReleaseOutput {
    const output = new ReleaseOutput();
    for (const line of text.split('\n').slice(0, -1)) output.add(line);
    output.end();
    return output;
  }

  /** All lines there are. */
  get text(): string {
    return this.#lines
      .since(0)
      .map((line) => `${line}\n`)
      .join('');
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#changed.emit();
  }

  end(): void {
    this.#isOver = true;
    this.#changed.emit();
  }

  /** Yields all lines, until the command has ended or one of the signals is aborted. */
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
