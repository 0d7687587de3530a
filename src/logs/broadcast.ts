import type { Cancel, Clock } from '../base/clock.js';
import { BACKLOG_ENTRIES, overflow } from './backlog.js';
import type { LogEntry } from './entry.js';

/** While lines keep coming, readers get them in pieces, no more often than this: a hundred readers cost little then. */
const PIECE_EVERY_MS = 100;
/** Longest piece, so that a reader who lags never lacks many lines at once. */
const PIECE_LINES = 1000;

export interface BroadcastOptions {
  readonly clock: Clock;
  /** Where entries come from. The result unsubscribes. */
  subscribe(listener: (entry: LogEntry) => void): () => void;
  /** What readers get of an entry. */
  format(entry: LogEntry): string;
  /** Whether readers want it at all. */
  matches(entry: LogEntry): boolean;
  /** Told when the last reader has gone. */
  onUnread(): void;
}

/** Some lines for all readers. */
interface Piece {
  readonly bytes: Buffer;
  readonly lines: number;
  /** Wall-clock time of its first line. */
  readonly at: number;
}

/** Sends a log to any number of readers: each line is put into words and bytes once, however many there are. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #readers = new Set<Reader>();
  #unsubscribe = (): void => {};
  #pending: string[] = [];
  #pendingSince = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: Cancel | undefined;

  constructor(options: BroadcastOptions) {
    this.#options = options;
  }

  /**
   * Every entry from now on (not from the first read on), until the signal aborts. A reader that is too slow loses the
   * oldest lines and reads how many (`Error L11`); it never holds anybody up.
   * @param end nothing more is written from then on: what there is can still be read
   */
  follow(signal: AbortSignal, end: AbortSignal): AsyncIterable<Buffer> {
    // What is pending is older than this reader.
    this.#send();
    if (this.#readers.size === 0) this.#unsubscribe = this.#options.subscribe((entry) => this.#take(entry));
    const reader = new Reader({
      signal,
      end,
      format: (entry) => this.#options.format(entry),
      catchUp: () => this.#send(),
      onLeave: () => this.#leave(reader),
    });
    this.#readers.add(reader);
    return reader;
  }

  #take(entry: LogEntry): void {
    const { format, matches } = this.#options;
    if (!matches(entry)) return;
    if (this.#pending.length === 0) this.#pendingSince = entry.at;
    this.#pending.push(format(entry));
    if (this.#pending.length >= PIECE_LINES) return this.#send();
    const { clock } = this.#options;
    // At once if it has been quiet; but what comes in the same breath comes along.
    const waitMs = Math.max(0, this.#sentAt + PIECE_EVERY_MS - clock.now());
    this.#cancelTimer ??= clock.after(waitMs, () => this.#send());
  }

  #send(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    const piece = { bytes, lines: this.#pending.length, at: this.#pendingSince };
    this.#pending = [];
    this.#sentAt = this.#options.clock.now();
    for (const reader of this.#readers) reader.push(piece);
  }

  #leave(reader: Reader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#unsubscribe();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending = [];
    this.#options.onUnread();
  }
}

interface ReaderOptions {
  readonly signal: AbortSignal;
  readonly end: AbortSignal;
  format(entry: LogEntry): string;
  /** Hands over what is pending. */
  catchUp(): void;
  onLeave(): void;
}

/** One reader, and the pieces that it has not read. */
class Reader implements AsyncIterable<Buffer> {
  readonly #options: ReaderOptions;
  #pieces: Piece[] = [];
  #lines = 0;
  #dropped = 0;
  #droppedSince = 0;
  #wake = (): void => {};

  constructor(options: ReaderOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#leave);
    options.end.addEventListener('abort', this.#onEnd);
  }

  push(piece: Piece): void {
    this.#pieces.push(piece);
    this.#lines += piece.lines;
    while (this.#lines > BACKLOG_ENTRIES) this.#dropOldest();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const { signal, end } = this.#options;
    try {
      while (!signal.aborted) {
        const piece = this.#next();
        if (piece) yield piece;
        else if (end.aborted) return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.#leave();
    }
  }

  /** The oldest piece, behind a notice if lines before it were dropped. */
  #next(): Buffer | undefined {
    const piece = this.#pieces.shift();
    if (!piece) return undefined;
    this.#lines -= piece.lines;
    if (this.#dropped === 0) return piece.bytes;
    const notice = this.#options.format(overflow(piece.at, this.#dropped, this.#droppedSince));
    this.#dropped = 0;
    return Buffer.concat([Buffer.from(notice), piece.bytes]);
  }

  #dropOldest(): void {
    const piece = this.#pieces.shift();
    if (!piece) return;
    if (this.#dropped === 0) this.#droppedSince = piece.at;
    this.#dropped += piece.lines;
    this.#lines -= piece.lines;
  }

  readonly #onEnd = (): void => {
    this.#options.catchUp();
    this.#wake();
  };

  readonly #leave = (): void => {
    const { signal, end, onLeave } = this.#options;
    signal.removeEventListener('abort', this.#leave);
    end.removeEventListener('abort', this.#onEnd);
    this.#wake();
    onLeave();
  };
}
