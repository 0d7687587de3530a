import { Emitter } from '../base/emitter.js';

/** More than a release command should have to say; the beginning goes first, as on Heroku. */
const MAX_LINES = 100_000;

/** What a release's command prints: kept, and told as it comes. */
export class ReleaseOutput {
  readonly #lines: string[] = [];
  readonly #changed = new Emitter();
  /** How many have been dropped. */
  #dropped = 0;
  #isOver = false;

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#dropped += this.#lines.splice(0, MAX_LINES / 10).length;
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
      next = Math.max(next, this.#dropped);
      const lines = this.#lines.slice(next - this.#dropped);
      if (lines.length === 0 && this.#isOver) return;
      next += lines.length;
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
      else await this.#more(enough);
    }
  }

  #more(enough: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        unsubscribe();
        for (const signal of enough) signal.removeEventListener('abort', done);
        resolve();
      };
      const unsubscribe = this.#changed.subscribe(done);
      for (const signal of enough) signal.addEventListener('abort', done, { once: true });
    });
  }
}
