import { Transform, type TransformCallback } from 'node:stream';

/** git keeps a request in memory, except for the pack of a push. 1000 refs take about 0.1 MB. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** `shallow` and the name of an object, of SHA-1 or SHA-256. */
const SHALLOW_LINE = /^shallow ([0-9a-f]{40,64})\n?$/;

/** Of a longer packet only the beginning matters. */
const LONGEST_SHALLOW_LINE = 73;

/**
 * Passes a body on, and fails if git would keep too much of it in memory. Notes which commits of a push come without
 * their parents.
 * https://git-scm.com/docs/protocol-common#_pkt_line_format
 */
export class PacketLimit extends Transform {
  /** Where the history of a shallow clone ends that pushes. Complete when git has got the pack. */
  readonly shallow: string[] = [];
  readonly #hasPack: boolean;
  #left = LIMIT_BYTES;
  #isPack = false;
  /** The current packet: its length so far, how many of the four digits are read, and how many bytes follow. */
  #length = 0;
  #digits = 0;
  #ahead = 0;
  #text = '';

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
      if (this.#ahead > 0) this.#readText(chunk.subarray(at, at + step));
      else this.#readDigit(chunk[at] ?? 0);
      this.#left -= step;
      at += step;
    }
  }

  #readText(part: Buffer): void {
    this.#ahead -= part.length;
    this.#text += part.toString('latin1', 0, LONGEST_SHALLOW_LINE + 1 - this.#text.length);
    if (this.#ahead > 0) return;
    const [, object] = SHALLOW_LINE.exec(this.#text) ?? [];
    if (object !== undefined) this.shallow.push(object);
    this.#text = '';
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
