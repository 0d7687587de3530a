import { Readable } from 'node:stream';

export interface TeeReader {
  /** Called with each piece, in order. All readers get the same piece: none may change it. */
  onData(data: Buffer): void;
  /** Called once, after the last piece. */
  onEnd(): void;
}

export interface Subscription {
  /** Stops the output for all readers, until `release` or `leave`: the run then waits in its own writes. */
  hold(): void;
  release(): void;
  leave(): void;
}

/**
 * One run's output for any number of readers, who may come and go. A reader that wants all of it subscribes before the
 * run starts. What nobody reads is thrown away, so a run never waits for a reader that is not there.
 */
export class Tee {
  readonly #readers = new Set<TeeReader>();
  readonly #holders = new Set<TeeReader>();
  #source: Readable | undefined;
  #isOver = false;

  /** Begins to pass on what a stream has. Resolves at its end. */
  connect(source: Readable): Promise<void> {
    this.#source = source;
    source.on('data', (data: Buffer) => {
      for (const reader of this.#readers) reader.onData(data);
    });
    source.on('error', () => source.destroy());
    this.#flow();
    return new Promise((resolve) => {
      source.once('close', () => {
        this.#end();
        resolve();
      });
    });
  }

  /** No source will be connected: the output ends here, unless there is one. */
  cancel(): void {
    if (!this.#source) this.#end();
  }

  subscribe(reader: TeeReader): Subscription {
    if (this.#isOver) reader.onEnd();
    else this.#readers.add(reader);
    return {
      hold: () => this.#hold(reader),
      release: () => this.#release(reader),
      leave: () => {
        this.#readers.delete(reader);
        this.#release(reader);
      },
    };
  }

  #hold(reader: TeeReader): void {
    if (!this.#readers.has(reader)) return;
    this.#holders.add(reader);
    this.#flow();
  }

  #release(reader: TeeReader): void {
    if (this.#holders.delete(reader)) this.#flow();
  }

  #flow(): void {
    if (this.#holders.size > 0) this.#source?.pause();
    else this.#source?.resume();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const reader of this.#readers) reader.onEnd();
    this.#readers.clear();
    this.#holders.clear();
  }
}

/** All of the output, for the client that the run is for: the run waits for it. Destroy the stream to leave. */
export function losslessStream(tee: Tee): Readable {
  const stream = new Readable({
    read: () => subscription.release(),
    destroy: (error, done) => {
      subscription.leave();
      done(error);
    },
  });
  const subscription = tee.subscribe({
    onData: (data) => {
      if (!stream.push(data)) subscription.hold();
    },
    onEnd: () => void stream.push(null),
  });
  return stream;
}

/** A visitor may be so many bytes behind. */
export const MAX_LAG_BYTES = 1024 * 1024;

/**
 * The output from now on, for a visitor: neither the run nor any other reader ever waits for it. What it is too slow
 * for is left out, and a mark in the stream says so. Destroy the stream to leave.
 */
export function lossyStream(tee: Tee): Readable {
  let missed = 0;
  const tell = (): void => {
    if (missed === 0) return;
    const mark = `\r\ndynosim: left out ${missed} bytes of output, as they were not read in time\r\n`;
    missed = 0;
    stream.push(mark);
  };
  const stream = new Readable({
    // Once there is room again.
    read: tell,
    destroy: (error, done) => {
      subscription.leave();
      done(error);
    },
  });
  const subscription = tee.subscribe({
    onData: (data) => {
      if (missed > 0 || stream.readableLength > MAX_LAG_BYTES) missed += data.length;
      else stream.push(data);
    },
    onEnd: () => {
      tell();
      stream.push(null);
    },
  });
  return stream;
}
