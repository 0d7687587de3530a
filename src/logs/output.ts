import { constants, fstatSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { Clock } from '../base/clock.js';
import { Emitter } from '../base/emitter.js';
import { errorCode } from '../base/errors.js';
import { type FileHooks, FileStream } from './file-stream.js';
import { Gate } from './gate.js';

/**
 * The number of waiting characters that closes the gate: enough to keep a fast reader busy, few enough that a slow
 * reader soon sees current lines again.
 */
const CONGESTED_AT = 64 * 1024;

/**
 * Occasional lines are written at once, and so are a few in a row, such as those of an app that starts. The lines of a
 * longer rapid series are written together, once in a pause, to wake the reader less often.
 */
const TRICKLE_PAUSE_MS = 1;
const TRICKLE_CHARACTERS = 4096;
const WRITES_IN_A_ROW = 8;

export interface OutputOptions {
  readonly clock: Clock;
  /** Called when the reader is gone (`dynosim start | head`, a closed terminal). Further text is discarded. */
  readonly onClosed: (error: Error) => void;
}

export type StandardStream = Writable & { readonly fd: number; readonly isTTY?: boolean };

/**
 * Writes text to a terminal, pipe or file without blocking. Text from one turn of the event loop, or soon after a small
 * write, goes out in one write; there is one write at a time. While too much text waits behind it, the gate is held.
 */
export class Output {
  readonly gate = new Gate();
  readonly #stream: Writable;
  readonly #clock: Clock;
  readonly #relief = new Emitter();
  readonly #emptied = new Emitter();
  #waiting = '';
  /** When the reader will have had a pause for each of the small writes in a row. */
  #trickleOver = Number.NEGATIVE_INFINITY;
  #state: 'empty' | 'scheduled' | 'writing' | 'closed' = 'empty';
  #isCongested = false;

  constructor(stream: Writable, { clock, onClosed }: OutputOptions) {
    this.#stream = stream;
    this.#clock = clock;
    // Further writes fail too; only the first error is reported.
    stream.on('error', (error) => {
      if (this.#state !== 'closed') onClosed(error);
      this.#closed();
    });
  }

  /** Whether too much text is waiting. Text that is written nevertheless is kept. */
  get isCongested(): boolean {
    return this.#isCongested;
  }

  /** Calls the listener when the output is no longer congested, before dynos are read again. */
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

  /** Resolves when everything is written, or the reader is gone. */
  flush(): Promise<void> {
    if (this.#state === 'empty' || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = this.#emptied.subscribe(() => {
        unsubscribe();
        resolve();
      });
    });
  }

  /** Writes all waiting text, but gives up after `timeoutMs`: a stopped terminal must not keep dynosim from ending. */
  async close({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const cancel = this.#clock.after(timeoutMs, () => this.#closed());
    await this.flush();
    cancel();
    this.#closed();
  }

  #inAMoment(write: () => void): void {
    const freeMs = (WRITES_IN_A_ROW - 1) * TRICKLE_PAUSE_MS;
    const pauseMs = this.#trickleOver - this.#clock.now() - freeMs;
    if (pauseMs > 0) this.#clock.after(pauseMs, write);
    else setImmediate(write);
  }

  #writeWaiting(): void {
    if (this.#state === 'closed') return;
    const text = this.#waiting;
    this.#waiting = '';
    const now = this.#clock.now();
    this.#trickleOver =
      text.length < TRICKLE_CHARACTERS ? Math.max(now, this.#trickleOver) + TRICKLE_PAUSE_MS : now;
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

/** Whether an error means that the reader is gone: the reader of a pipe has ended, or the terminal was closed. */
export function isReaderGone(error: Error, { isTTY = false }: Pick<StandardStream, 'isTTY'>): boolean {
  const code = errorCode(error);
  return code === 'EPIPE' || (isTTY && code === 'EIO');
}

/**
 * Opens an output on `process.stdout` or `process.stderr`: a terminal, a pipe or a file.
 * @param hooks for a file
 */
export function openOutput(standard: StandardStream, options: OutputOptions, hooks: FileHooks = {}): Output {
  if (standard.isTTY) return new Output(openTerminal(standard), options);
  const isFile = fstatSync(standard.fd).isFile();
  return new Output(isFile ? new FileStream(standard.fd, hooks) : standard, options);
}

/**
 * Opens the same terminal again for non-blocking writes. Node makes a terminal's `WriteStream` blocking, so a terminal
 * that is not read (Ctrl-S) would stop timers and signal handlers; and an asynchronous `fs.write` leaves a thread
 * blocked in the kernel, for which `process.exit()` waits forever. A `ReadStream` is a two-way socket over the same
 * kind of handle, but non-blocking: libuv reopens the terminal for it and writes when there is room. Node's pipes and
 * sockets are non-blocking anyway.
 */
function openTerminal(standard: StandardStream): Writable {
  // After the terminal is closed, other writes to it, such as Node's own warnings, fail: ignore that.
  standard.on('error', () => {});
  try {
    const fd = openSync(`/dev/fd/${standard.fd}`, constants.O_WRONLY | constants.O_NOCTTY);
    return new ReadStream(fd);
  } catch {
    // The terminal belongs to another user (sudo): blocking writes are better than none.
    return standard;
  }
}
