import { write as writeTo } from 'node:fs';
import { Writable } from 'node:stream';
import { isDiskFull } from '../base/errors.js';

const NEWLINE = 0x0a;

export interface FileHooks {
  /** Called when text can be written again after some was dropped. */
  onGap?(): void;
  /** Called before each piece is written, while none is on its way to the file. */
  beforePiece?(): void;
}

/**
 * Writes to a file, one piece at a time. While the disk is full, text is dropped: a log that cannot grow is no reason for
 * apps to end.
 */
export class FileStream extends Writable {
  readonly #fd: number;
  readonly #hooks: FileHooks;
  #isFull = false;
  /** Whether the last line in the file is not whole. */
  #isCut = false;

  constructor(fd: number, hooks: FileHooks = {}) {
    super({ decodeStrings: true });
    this.#fd = fd;
    this.#hooks = hooks;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hooks.beforePiece?.();
    this.#writeAll(this.#isFull && this.#isCut ? Buffer.concat([Buffer.from('\n'), chunk]) : chunk, done);
  }

  #writeAll(bytes: Buffer, done: (error?: Error | null) => void): void {
    writeTo(this.#fd, bytes, (error, written) => {
      if (error && !isDiskFull(error)) return done(error);
      if (error) {
        this.#isFull = true;
        return done();
      }
      this.#isCut = bytes[written - 1] !== NEWLINE;
      if (written < bytes.length) return this.#writeAll(bytes.subarray(written), done);
      const wasFull = this.#isFull;
      this.#isFull = false;
      done();
      if (wasFull) this.#hooks.onGap?.();
    });
  }
}
