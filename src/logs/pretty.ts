import { type Style, styled } from '../base/style.js';
import { withoutControls } from '../base/wording.js';
import { isFromApp, isOneOffName, type LogEntry } from './entry.js';
import { colorsOnly, RESET } from './terminal-text.js';
import { TypeColors } from './type-colors.js';
import { columnsOf, wrap } from './wrap.js';

/**
 * At first wide enough for `run.1234`, so that it seldom grows. Names longer than `most`, and those of one-off dynos, do
 * not widen the column.
 */
const NAME_WIDTH = { first: 8, most: 20 } as const;

/** With fewer columns than this for the text, it goes on below the name, at spaces; with fewer in all, the terminal wraps it. */
const LEAST_TEXT = 20;
const NARROW_INDENT = 2;

/** For progress bars: returns to the start of the row and erases it. */
const START_OVER = '\r\x1b[K';

/** Lines shown in red. Status 143 is a normal stop: https://devcenter.heroku.com/articles/dyno-shutdown-behavior */
const IS_TROUBLE =
  /^at=error |^Error [RHL]\d|^State changed from \w+ to crashed|^Process exited with status (?!0$|143$)/;
/** An error response from the app itself. */
const IS_FAILED_REQUEST = /^at=.* status=5\d\d /;

export interface PrettyOptions {
  readonly color: boolean;
  /** The terminal's current width. Default: unlimited. */
  readonly columns?: () => number;
}

/** The part of a row before its text, and its width. */
interface Head {
  readonly time: string;
  readonly label: string;
  readonly mark: string;
  readonly head: string;
  readonly indent: number;
}

/** A partial line of a dyno, and the columns where its text begins and ends. */
interface OpenRow {
  readonly label: string;
  readonly indent: number;
  readonly end: number;
}

/**
 * Formats lines for terminals: local time, a mark, the dyno, the text.
 *
 *     14:03:07   web.1     Listening on 20711
 *     14:03:07 · web.1     State changed from starting to up
 *     14:03:09 · router    GET /a 200 18ms web.1
 *     14:03:12 · web.1     dynosim: woken by GET / (curl/8.5), held 5.4 s = 5.0 s delay + 0.4 s boot
 *     14:03:15 ! web.1     Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of
 *                          launch
 *
 * An app's text keeps its colors, but no other control sequences. The platform's lines are dim, or red for errors.
 */
export class Pretty {
  readonly #isColored: boolean;
  readonly #columns: () => number;
  readonly #colors = new TypeColors();
  #nameWidth: number = NAME_WIDTH.first;
  #lastHead: Head | undefined;
  #second = Number.NaN;
  #time = '';
  /** The partial line at the cursor. */
  #openRow: OpenRow | undefined;

  constructor({ color, columns = () => Number.POSITIVE_INFINITY }: PrettyOptions) {
    this.#isColored = color;
    this.#columns = columns;
  }

  /** Formats an entry with its line end. The parts of a line share a row unless another entry interrupts them. */
  format(entry: LogEntry): string {
    if (isFromApp(entry)) return this.#appText(entry);
    const before = this.#openRow ? '\n' : '';
    this.#openRow = undefined;
    return `${before}${this.#platformRow(entry)}\n`;
  }

  #appText(entry: LogEntry): string {
    const text = colorsOnly(entry.line);
    // Only control sequences, such as clearing the screen: not an empty line.
    if (text === '' && entry.line !== '' && entry.part !== 'last') return '';
    const rest = this.#restOfRow(entry, text);
    const before = rest === undefined && this.#openRow ? '\n' : '';
    const row = rest ?? this.#appRow(entry, text);
    const isOpen = entry.part === 'first' || entry.part === 'middle';
    if (!isOpen) this.#openRow = undefined;
    return `${before}${row}${text.includes('\x1b') ? RESET : ''}${isOpen ? '' : '\n'}`;
  }

  #appRow(entry: LogEntry, text: string): string {
    const { head, indent } = this.#headOf(entry, ' ');
    const rows = this.#wrap(lastState(text), indent, indent);
    const isOpen = entry.part === 'first' || entry.part === 'middle';
    if (isOpen) this.#openRow = { label: labelOf(entry), indent, end: endOf(rows, indent) };
    return head + rows;
  }

  /** The text that continues the partial line at the cursor; undefined if the entry does not continue it. */
  #restOfRow(entry: LogEntry, text: string): string | undefined {
    const open = this.#openRow;
    if (open?.label !== labelOf(entry) || (entry.part !== 'middle' && entry.part !== 'last'))
      return undefined;
    if (text.includes('\r')) return START_OVER + this.#appRow(entry, text);
    const rows = this.#wrap(text, open.indent, open.end);
    this.#openRow = { ...open, end: endOf(rows, open.end) };
    return rows;
  }

  #platformRow(entry: LogEntry): string {
    const { source, dyno, line, brief } = entry;
    const isTrouble = IS_TROUBLE.test(line) || (dyno === 'router' && IS_FAILED_REQUEST.test(line));
    const words = withoutControls(brief?.() ?? line);
    const style = isTrouble ? TROUBLE : DIM;
    const { head, indent } = this.#headOf(entry, this.#paint(style, isTrouble ? '!' : '·'));
    const text = source === 'dynosim' ? `dynosim: ${words}` : words;
    return head + this.#paint(style, this.#wrap(text, indent, indent));
  }

  /** Wraps text that begins at column `from`. Further rows begin at `indent`, if there is room. */
  #wrap(text: string, indent: number, from: number): string {
    const columns = this.#columns();
    if (columns < LEAST_TEXT || columns === Number.POSITIVE_INFINITY) return text;
    const isBeside = columns - indent >= LEAST_TEXT;
    const next = isBeside ? indent : NARROW_INDENT;
    return wrap(text, columns - next, from - next, isBeside).join(`\n${' '.repeat(next)}`);
  }

  /** The part before the text, cached until time, dyno or mark change: lines often arrive many at a time. */
  #headOf({ at, app, dyno }: LogEntry, mark: string): Head {
    const time = this.#localTime(at);
    const last = this.#lastHead;
    const label = labelOf({ app, dyno });
    if (last?.time === time && last.label === label && last.mark === mark) return last;
    if (dyno.length <= NAME_WIDTH.most && !isOneOffName(dyno))
      this.#nameWidth = Math.max(this.#nameWidth, label.length);
    const name = this.#paint([this.#colors.of(dyno)], label.padEnd(this.#nameWidth));
    const head = `${this.#paint(DIM, time)} ${mark} ${name}  `;
    this.#lastHead = { time, label, mark, head, indent: columnsOf(head) };
    return this.#lastHead;
  }

  #paint(styles: readonly Style[], text: string): string {
    return this.#isColored ? styles.reduce((inner, style) => styled(style, inner), text) : text;
  }

  /** `14:03:07`, formatted once a second. */
  #localTime(at: number): string {
    const second = Math.floor(at / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#time = new Date(at).toTimeString().slice(0, 8);
    }
    return this.#time;
  }
}

/** The name in front of a line: `web.1`, or `my-app web.1` in the log of many apps. */
function labelOf({ app, dyno }: { readonly app?: string | undefined; readonly dyno: string }): string {
  return app === undefined ? dyno : `${app} ${dyno}`;
}

const DIM: readonly Style[] = ['dim'];
const TROUBLE: readonly Style[] = ['red', 'bold'];

/** The text that remains visible after each CR overwrites the row. */
function lastState(text: string): string {
  if (!text.includes('\r')) return text;
  return text.split('\r').findLast((state) => state !== '') ?? '';
}

/** The column where text that begins at column `from` ends. */
function endOf(rows: string, from: number): number {
  const lastBreak = rows.lastIndexOf('\n');
  return lastBreak === -1 ? from + columnsOf(rows) : columnsOf(rows.slice(lastBreak + 1));
}
