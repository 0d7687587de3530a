import { constants, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { Clock } from '../base/clock.js';
import { Emitter } from '../base/emitter.js';
import { errorCode } from '../base/errors.js';
import { Gate } from './gate.js';

/**
 * Characters waiting while others are on their way: enough to keep a quick reader busy, little enough to be stale
 * for a moment only when a slow one reads on.
 */
const CONGESTED_AT = 64 * 1024;

/** A line now and then goes out at once. A quick series of lines goes out together, to wake the reader less often. */
const TRICKLE_PAUSE_MS = 1;
const TRICKLE_CHARACTERS = 4096;

export interface OutputOptions {
  readonly clock: Clock;
  /** Nobody reads any more (`dynosim start | head`, the terminal was closed): whatever is written is thrown away. */
  readonly onClosed: (error: Error) => void;
}

/** The part of `process.stdout` that is needed here. */
export type StandardStream = Writable & { readonly fd: number; readonly isTTY?: boolean };

/**
 * Writes text to a terminal, pipe or file without ever waiting for it. What is written in one turn of the event loop,
 * or soon after a small piece, goes out in one piece, and one piece is on its way at a time. While more is waiting behind it than a reader can
 * soon take, the gate is held.
 */
export class Output {
  readonly gate = new Gate();
  readonly #stream: Writable;
  readonly #clock: Clock;
  readonly #relief = new Emitter();
  readonly #emptied = new Emitter();
  #waiting = '';
  #lastPiece = { at: Number.NEGATIVE_INFINITY, length: 0 };
  #state: 'empty' | 'scheduled' | 'writing' | 'closed' = 'empty';
  #isCongested = false;

  constructor(stream: Writable, { clock, onClosed }: OutputOptions) {
    this.#stream = stream;
    this.#clock = clock;
    // Writing goes on to fail after the first error; only that one is told.
    stream.on('error', (error) => {
      if (this.#state !== 'closed') onClosed(error);
      this.#closed();
    });
  }

  /** More is waiting than the reader can soon take. Text written all the same is kept. */
  get isCongested(): boolean {
    return this.#isCongested;
  }

  /** Tells when it is no longer congested, before dynos' output flows again. */
  onRelief(listener: () => void): () => void {
    return this.#relief.subscribe(listener);
  }

  write(text: string): void {
    if (this.#state === 'closed') return;
    this.#waiting += text;
    if (this.#state === 'empty') {
      this.#state = 'scheduled';
      this.#inAMoment(() => this.#writeWaiting());
    }
    if (this.#waiting.length < CONGESTED_AT || this.#isCongested) return;
    this.#isCongested = true;
    this.gate.hold();
  }

  /** Resolves when all is written, or nobody reads any more. */
  flush(): Promise<void> {
    if (this.#state === 'empty' || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = this.#emptied.subscribe(() => {
        unsubscribe();
        resolve();
      });
    });
  }

  /** Writes all that is waiting, but gives up after `timeoutMs`: a terminal that is not read must not stop the end. */
  async close({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const cancel = this.#clock.after(timeoutMs, () => this.#closed());
    await this.flush();
    cancel();
    this.#closed();
  }

  #inAMoment(write: () => void): void {
    const { at, length } = this.#lastPiece;
    const pauseMs = length < TRICKLE_CHARACTERS ? at + TRICKLE_PAUSE_MS - this.#clock.now() : 0;
    if (pauseMs > 0) this.#clock.after(pauseMs, write);
    else setImmediate(write);
  }

  #writeWaiting(): void {
    if (this.#state === 'closed') return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#lastPiece = { at: this.#clock.now(), length: text.length };
    this.#state = 'writing';
    this.#stream.write(text, () => this.#written());
    this.#relieve();
  }

  #written(): void {
    if (this.#state === 'closed') return;
    if (this.#waiting !== '') return this.#writeWaiting();
    this.#state = 'empty';
    this.#emptied.emit();
  }

  #relieve(): void {
    if (!this.#isCongested) return;
    this.#isCongested = false;
    this.#relief.emit();
    // The listeners may have filled it again.
    if (!this.#isCongested) this.gate.release();
  }

  #closed(): void {
    this.#state = 'closed';
    this.#waiting = '';
    this.#isCongested = false;
    this.gate.retire();
    this.#emptied.emit();
  }
}

/** Whether an output closed because nobody reads it any more: the reader of a pipe has ended, or a terminal was closed. */
export function isReaderGone(error: Error, { isTTY = false }: Pick<StandardStream, 'isTTY'>): boolean {
  const code = errorCode(error);
  return code === 'EPIPE' || (isTTY && code === 'EIO');
}

/** An output on `process.stdout` or `process.stderr`, be it a terminal, a pipe or a file. */
export function openOutput(standard: StandardStream, options: OutputOptions): Output {
  return new Output(standard.isTTY ? openTerminal(standard) : standard, options);
}

/**
 * A second, non-blocking way to the same terminal. The first one will not do: Node switches a terminal's
 * `WriteStream` to blocking writes, so a terminal that is not read (Ctrl-S) would stop timers and signal handlers;
 * and an asynchronous `fs.write` leaves a thread stuck in the kernel, for which `process.exit()` waits for ever.
 * A `ReadStream` is a socket both ways over the same kind of handle, left non-blocking: libuv opens the terminal
 * anew for it and writes when there is room. Pipes and sockets are non-blocking in Node from the start.
 */
function openTerminal(standard: StandardStream): Writable {
  // Once the terminal is closed, all else that is written to it (warnings of Node's own) fails: no reason to end.
  standard.on('error', () => {});
  try {
    const fd = openSync(`/dev/fd/${standard.fd}`, constants.O_WRONLY | constants.O_NOCTTY);
    return new ReadStream(fd);
  } catch {
    // The terminal is another user's (sudo): better a blocking one than none.
    return standard;
  }
}
