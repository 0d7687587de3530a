import type { Readable } from 'node:stream';
import type { Deadlines } from '../deadlines.js';
import { READ_AHEAD_LIMITS } from '../limits.js';

/** Takes what a client sends. */
export interface Sink {
  /** False: it takes no more for now. `drain` of the {@link ReadAhead} says when it does. */
  write(chunk: Buffer): boolean;
  /** All has been written. */
  end(): void;
}

/**
 * Reads what a client sends behind the head of its request, also while no dyno takes it: a connection that is not read
 * does not show that its client has left. What nobody takes is kept, up to a limit.
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

  /** @param early what has been read already */
  constructor(source: Readable, early: Buffer = Buffer.alloc(0)) {
    this.#source = source;
    if (early.length > 0) this.#keep(early);
    // It came while another request was served, and not all of it has been read.
    this.#isStalled = source.readableLength >= source.readableHighWaterMark;
    source.on('data', this.#onData).on('end', this.#onEnd);
  }

  /** The sink does not keep up. */
  get isHeldBack(): boolean {
    return this.#sink !== undefined && !this.#isFlowing;
  }

  /** Before the sink came, reading has stopped: the client may have left unnoticed. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /**
   * Looks whether the client has left, which shows behind what it has sent: reads on until nothing more comes, or more
   * than a client can have left behind.
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

  /** Hands on what is kept, and all that still comes. */
  pipe(sink: Sink): void {
    this.#sink = sink;
    this.drain();
  }

  /** The sink takes more. */
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

  /** Throws away what still comes. Returns what is kept. */
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

/** Bytes, and some for a buffer of its own: a client may send them one by one. */
function cost(chunk: Buffer): number {
  return chunk.length + 128;
}
