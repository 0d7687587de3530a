import { Buffer } from 'node:buffer';
import type { Cancel, Clock } from '../base/clock.js';
import { LOG_LIMITS } from '../base/limits.js';
import type { LinePart } from './entry.js';
import type { Gate } from './gate.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MAX_CHARACTER_BYTES = 4;

/**
 * A partial line is passed on after this much silence: long enough for a line written in several steps to stay one
 * line, short enough for a prompt.
 */
export const HALF_LINE_PAUSE_MS = 500;

export interface LineSplitterOptions {
  readonly clock: Clock;
  /** While it is held, the dyno is not read, so its silence means nothing. */
  readonly gate: Gate;
  /** Called with lines without line ends; with `part`, with one part of a line printed with pauses. */
  readonly onLines: (lines: readonly string[], part?: LinePart) => void;
}

/**
 * Splits the output of one dyno into lines, independent of the chunks in which it arrives.
 *
 * - A line ends at LF or CRLF. A lone CR (a progress bar) stays in the text, as on Heroku.
 * - Invalid UTF-8 becomes U+FFFD; everything else (blank lines, tabs, ANSI codes) passes.
 * - A line of more than 10,000 bytes becomes several lines, split between characters.
 *   https://devcenter.heroku.com/articles/limits#logs
 * - A partial line is passed on after a pause as part `first`, and the rest of the line as `middle` and `last`.
 */
export class LineSplitter {
  readonly #clock: Clock;
  readonly #gate: Gate;
  readonly #onLines: LineSplitterOptions['onLines'];
  readonly #unsubscribe: () => void;
  /** The bytes after the last line end: a view of the last chunk, at most 10,000 bytes long. */
  #rest: Buffer = Buffer.alloc(0);
  /** The start of the current line has been passed on. */
  #isOpen = false;
  #disarm: Cancel = () => {};

  constructor({ clock, gate, onLines }: LineSplitterOptions) {
    this.#clock = clock;
    this.#gate = gate;
    this.#onLines = onLines;
    this.#unsubscribe = gate.subscribe(() => this.#awaitPause());
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = bytes.subarray(this.#passLines(bytes));
    this.#awaitPause();
  }

  /** Passes on a last line without a line end. */
  end(): void {
    this.#unsubscribe();
    this.#disarm();
    if (this.#rest.length > 0) this.#pass(this.#rest.toString());
    this.#rest = this.#rest.subarray(this.#rest.length);
  }

  /**
   * Passes on all complete lines; returns where the rest begins. Each step takes as many lines as fit into 10,000
   * bytes, so that one search both finds line ends and shows where a line is too long.
   */
  #passLines(bytes: Buffer): number {
    for (let from = 0; ; ) {
      const limit = from + LOG_LIMITS.lineBytes;
      const reach = bytes[limit] === CARRIAGE_RETURN ? limit + 1 : limit;
      const lineEnd = bytes.lastIndexOf(NEWLINE, reach);
      if (lineEnd >= from) {
        this.#pass(bytes.toString('utf8', from, lineEnd));
        from = lineEnd + 1;
      } else if (bytes.length > reach) {
        const end = characterStart(bytes, limit);
        this.#pass(bytes.toString('utf8', from, end));
        from = end;
      } else {
        return from;
      }
    }
  }

  #pass(text: string): void {
    const lines = text.split('\n');
    if (text.includes('\r')) stripReturns(lines);
    if (this.#isOpen) this.#passLastPart(lines.shift() ?? '');
    if (lines.length > 0) this.#onLines(lines);
  }

  #passLastPart(text: string): void {
    this.#isOpen = false;
    if (text !== '') this.#onLines([text], 'last');
  }

  #awaitPause(): void {
    this.#disarm();
    if (this.#rest.length === 0 || this.#gate.isHeld) return;
    this.#disarm = this.#clock.after(HALF_LINE_PAUSE_MS, () => {
      // If dynosim itself was paused, the rest of the line may be unread: allow one turn of the event loop for it.
      this.#disarm = this.#clock.after(0, () => this.#passHalf());
    });
  }

  /** Keeps a CR at the end, which may belong to a CRLF, and an incomplete character. */
  #passHalf(): void {
    const bytes = this.#rest;
    let end = wholeCharacters(bytes);
    if (bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    if (end === 0) return;
    this.#rest = bytes.subarray(end);
    this.#onLines([bytes.toString('utf8', 0, end)], this.#isOpen ? 'middle' : 'first');
    this.#isOpen = true;
  }
}

function stripReturns(lines: string[]): void {
  for (const [index, line] of lines.entries()) {
    if (line.endsWith('\r')) lines[index] = line.slice(0, -1);
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The last position at or before `index` where a character begins; `index` itself if the bytes are not UTF-8. */
function characterStart(bytes: Buffer, index: number): number {
  for (let start = index; start > index - MAX_CHARACTER_BYTES; start--) {
    if (!isContinuation(bytes[start])) return start;
  }
  return index;
}

/** The number of bytes without an incomplete character at the end. */
function wholeCharacters(bytes: Buffer): number {
  const last = characterStart(bytes, bytes.length - 1);
  const lead = bytes[last] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return last + length > bytes.length ? last : bytes.length;
}
