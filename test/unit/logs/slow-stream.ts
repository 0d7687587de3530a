import { Writable } from 'node:stream';

/** A stream whose reader accepts one write at a time, on command. */
export class SlowStream extends Writable {
  readonly writes: string[] = [];
  #done: ((error?: Error) => void) | undefined;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.writes.push(String(chunk));
    this.#done = done;
  }

  /** The reader accepts the last write, and leaves if there is an error. */
  take(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }

  get text(): string {
    return this.writes.join('');
  }
}
