import { Transform, type TransformCallback } from 'node:stream';

/** git keeps a request in memory, except for the pack of a push. 1000 refs take about 0.1 MB. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Passes a body on, and fails if git would keep too much of it in memory.
 * https://git-scm.com/docs/protocol-common#_pkt_line_format
 */
export class PacketLimit extends Transform {
  readonly #hasPack: boolean;
  #left = LIMIT_BYTES;
  #isPack = false;
  /** The current packet: its length so far, how many of the four digits are read, and how many bytes follow. */
  #length = 0;
  #digits = 0;
  #ahead = 0;

  /** @param hasPack whether a pack of any size follows the first flush packet */
  constructor(hasPack: boolean) {
    super();
    this.#hasPack = hasPack;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#hasPack) this.#left -= chunk.length;
    else if (!this.#isPack) this.#read(chunk);
    if (this.#left < 0) done(new Error('The request is too large'));
    else done(null, chunk);
  }

  #read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.#isPack; ) {
      const step = this.#ahead > 0 ? Math.min(this.#ahead, chunk.length - at) : 1;
      if (this.#ahead > 0) this.#ahead -= step;
      else this.#readDigit(chunk[at] ?? 0);
      this.#left -= step;
      at += step;
    }
  }

  #readDigit(letter: number): void {
    // git itself refuses other characters.
    this.#length = this.#length * 16 + (letter <= 0x39 ? letter - 0x30 : (letter & 0x1f) + 9);
    this.#digits += 1;
    if (this.#digits < 4) return;
    if (this.#length === 0) this.#isPack = true;
    this.#ahead = Math.max(0, this.#length - 4);
    this.#length = 0;
    this.#digits = 0;
  }
}
