import { Readable } from 'node:stream';

export interface TeeReader {
  /** Called with each chunk. All readers get the same buffer, and must not change it. */
  onData(data: Buffer): void;
  /** Called once, after the last chunk. */
  onEnd(): void;
}

export interface Subscription {
  /** Stops the output for all readers until `release` or `leave`. The run's writes then block. */
  hold(): void;
  release(): void;
  leave(): void;
}

/**
 * One run's output for any number of readers. A reader that needs all of it must subscribe before the run starts.
 * Without readers, output is discarded, so that the run never blocks.
 */
export class Tee {
  readonly #readers = new Set<TeeReader>();
  readonly #holders = new Set<TeeReader>();
  #source: Readable | undefined;
  #isOver = false;

  /** Passes on a stream. Resolves at its end. */
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

  /** Ends the output if no source has been connected. */
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

/** All output, for the run's own client. If it is slow, the run waits. Destroy the stream to leave. */
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

/** How far a guest may lag behind. */
export const MAX_LAG_BYTES = 1024 * 1024;

/**
 * The output from now on, for a guest. Neither the run nor other readers ever wait for a guest: it misses what it
 * is too slow for, and a mark in the stream says so. Destroy the stream to leave.
 * @param before output that it begins with
 */
export function lossyStream(tee: Tee, before: Buffer = Buffer.alloc(0)): Readable {
  let missed = 0;
  const reportMissed = (): void => {
    if (missed === 0) return;
    const mark = `\r\ndynosim: left out ${missed} bytes of output that were not read in time\r\n`;
    missed = 0;
    stream.push(mark);
  };
  const stream = new Readable({
    // Called when there is room again.
    read: reportMissed,
    destroy: (error, done) => {
      subscription.leave();
      done(error);
    },
  });
  if (before.length > 0) stream.push(before);
  const subscription = tee.subscribe({
    onData: (data) => {
      if (missed > 0 || stream.readableLength > MAX_LAG_BYTES) missed += data.length;
      else stream.push(data);
    },
    onEnd: () => {
      reportMissed();
      stream.push(null);
    },
  });
  return stream;
}
