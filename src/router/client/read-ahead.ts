import type { Readable } from 'node:stream';
import type { Deadlines } from '../deadlines.js';
import { READ_AHEAD_LIMITS } from '../limits.js';

export interface Sink {
  /** False: write no more until {@link ReadAhead.drain} is called. */
  write(chunk: Buffer): boolean;
  /** Called after the last `write`. */
  end(): void;
}

/**
 * Reads what a client sends after the head of its request, even before a dyno takes it, because only reading shows that
 * a client has left. Keeps what is not taken, up to a limit.
 */
export class ReadAhead {
  readonly #source: Readable;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #limit: number = READ_AHEAD_LIMITS.bytes;
  #sink: Sink | undefined;
  #isFlowing = false;
  #isOver = false;
  #isStalled: boolean;
  #onKept = (): void => {};

  /** @param early bytes that have been read already */
  constructor(source: Readable, early: Buffer = Buffer.alloc(0)) {
    this.#source = source;
    if (early.length > 0) this.#keep(early);
    // The request arrived while another was being served, and more of it may be unread.
    this.#isStalled = source.readableLength >= source.readableHighWaterMark;
    source.on('data', this.#onData).on('end', this.#onEnd);
  }

  /** Whether the sink does not keep up. */
  get isHeldBack(): boolean {
    return this.#sink !== undefined && !this.#isFlowing;
  }

  /** Whether reading stopped before there was a sink: the client may have left unnoticed. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /**
   * Finds out whether the client has left, which shows only after everything it sent: reads until the client falls
   * silent, or has sent more than can be in the system's buffers.
   */
  catchUp(deadlines: Deadlines): Promise<void> {
    const { systemBytes, quietMs, catchUpMs } = READ_AHEAD_LIMITS;
    this.#limit += systemBytes;
    return new Promise((resolve) => {
      const done = (): void => {
        quiet.stop();
        limit.stop();
        this.#limit = READ_AHEAD_LIMITS.bytes;
        this.#onKept = () => {};
        resolve();
      };
      const quiet = deadlines.after(quietMs, done);
      const limit = deadlines.after(catchUpMs, done);
      this.#onKept = () => {
        if (this.#isFull) done();
        else quiet.start(quietMs);
      };
      this.#source.resume();
    });
  }

  /** Passes on what is kept, and what follows. */
  pipe(sink: Sink): void {
    this.#sink = sink;
    this.drain();
  }

  /** To be called when the sink accepts more. */
  drain(): void {
    this.#isFlowing = true;
    while (this.#isFlowing) {
      const chunk = this.#kept.shift();
      if (chunk === undefined) break;
      this.#keptBytes -= cost(chunk);
      this.#pass(chunk);
    }
    if (!this.#isFull) this.#source.resume();
    if (this.#isOver && this.#isFlowing) this.#sink?.end();
  }

  /** Discards what follows. Returns what is kept. */
  stop(): readonly Buffer[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#source.off('data', this.#onData).off('end', this.#onEnd).resume();
    return kept;
  }

  get #isFull(): boolean {
    return this.#keptBytes > this.#limit;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isFlowing) return this.#pass(chunk);
    this.#keep(chunk);
    if (this.#isFull) this.#stall();
    this.#onKept();
  };

  #keep(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += cost(chunk);
  }

  #pass(chunk: Buffer): void {
    this.#isFlowing = this.#sink?.write(chunk) ?? false;
  }

  #stall(): void {
    this.#source.pause();
    this.#isStalled ||= this.#sink === undefined;
  }

  readonly #onEnd = (): void => {
    this.#isOver = true;
    if (this.#isFlowing) this.#sink?.end();
  };
}

/** The memory of a chunk, including its buffer object: a client may send single bytes. */
function cost(chunk: Buffer): number {
  return chunk.length + 128;
}
