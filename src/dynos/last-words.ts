import { stripVTControlCharacters } from 'node:util';
import type { Tee } from './tee.js';

/** More than a stack trace. */
const KEPT_BYTES = 8192;

/** The end of a run's output, which often tells why it ended. */
export class LastWords {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(output: Tee) {
    output.subscribe({ onData: (chunk) => this.#take(chunk), onEnd: () => {} });
  }

  /** Oldest first, without colors and empty lines. */
  get lines(): readonly string[] {
    return stripVTControlCharacters(Buffer.concat(this.#chunks).toString())
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  /** The unchanged output since the last line end; only its end, if it is long. */
  get unfinishedLine(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(all.lastIndexOf('\n') + 1);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (
      let first = this.#chunks[0];
      first && this.#bytes - first.length >= KEPT_BYTES;
      first = this.#chunks[0]
    ) {
      this.#chunks.shift();
      this.#bytes -= first.length;
    }
  }
}
