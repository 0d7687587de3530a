import { Transform, type TransformCallback } from 'node:stream';

/** git keeps its requests in memory, but for the pack of a push. A thousand refs take a tenth of a megabyte. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Passes a body to git until too much of it would be kept in memory: then it fails.
 * https://git-scm.com/docs/protocol-common#_pkt_line_format
 */
export class PacketLimit extends Transform {
  readonly #hasPack: boolean;
  #left = LIMIT_BYTES;
  #isPack = false;
  /** Of the packet that is being read: its length as far as it is here, in how many of its digits, and what is to come. */
  #length = 0;
  #digits = 0;
  #ahead = 0;

  /** @param hasPack a pack follows the first flush packet, and is of any size */
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
    // What is no digit is for git to refuse.
    this.#length = this.#length * 16 + (letter <= 0x39 ? letter - 0x30 : (letter & 0x1f) + 9);
    this.#digits += 1;
    if (this.#digits < 4) return;
    if (this.#length === 0) this.#isPack = true;
    this.#ahead = Math.max(0, this.#length - 4);
    this.#length = 0;
    this.#digits = 0;
  }
}
