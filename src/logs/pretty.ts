import { type Style, styled } from '../base/style.js';
import { withoutControls } from '../base/wording.js';
import { isFromApp, type LogEntry } from './entry.js';
import { colorsOnly, RESET } from './terminal-text.js';
import { TypeColors } from './type-colors.js';
import { columnsOf, wrap } from './wrap.js';

/** At first wide enough for `run.1234`, so that it seldom grows; names longer than `most` stick out instead. */
const NAME_WIDTH = { first: 8, most: 20 } as const;

/** `release.3212`: one-off dynos come and go, and are not worth a wider column for good. */
const IS_ONE_OFF = /\.\d{4,}$/;

/** With fewer columns than this for the text, the terminal breaks the rows. */
const LEAST_TEXT = 20;

/** A progress bar goes back to the start of the row, and may be shorter than before. */
const START_OVER = '\r\x1b[K';

/** Worth a look. A dyno that was asked to stop ends with 143: https://devcenter.heroku.com/articles/dyno-shutdown-behavior */
const IS_TROUBLE =
  /^at=error |^Error [RHL]\d|^State changed from \w+ to crashed|^Process exited with status (?!0$|143$)/;
/** An answer of the app's own that says it failed. */
const IS_FAILED_REQUEST = /^at=.* status=5\d\d /;

export interface PrettyOptions {
  readonly color: boolean;
  /** How many the terminal has now; without bound where there is none. */
  readonly columns?: () => number;
}

/** The part of a row before its text, and how many columns it takes. */
interface Head {
  readonly time: string;
  readonly label: string;
  readonly mark: string;
  readonly head: string;
  readonly indent: number;
}

/** A half line of a dyno: the columns where its text begins, and where it ends. */
interface OpenRow {
  readonly label: string;
  readonly indent: number;
  readonly end: number;
}

/**
 * Lines for people at a terminal: local time, a mark, who says it, the text.
 *
 *     14:03:07   web.1     Listening on 20711
 *     14:03:07 · web.1     State changed from starting to up
 *     14:03:09 · router    GET /a 200 18ms web.1
 *     14:03:12 · web.1     dynosim: woken by GET / (curl/8.5), held 5.4 s = 5.0 s delay + 0.4 s boot
 *     14:03:15 ! web.1     Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of
 *                          launch
 *
 * An app's text keeps its own colours, and can steer the terminal in no other way; the platform's is dim, and red
 * where it means trouble.
 */
export class Pretty {
  readonly #isColored: boolean;
  readonly #columns: () => number;
  readonly #colors = new TypeColors();
  #nameWidth: number = NAME_WIDTH.first;
  #lastHead: Head | undefined;
  #second = Number.NaN;
  #time = '';
  /** The half line at the cursor. */
  #openRow: OpenRow | undefined;

  constructor({ color, columns = () => Number.POSITIVE_INFINITY }: PrettyOptions) {
    this.#isColored = color;
    this.#columns = columns;
  }

  /** One entry as text, line end included. The parts of a line share a row unless something came in between. */
  format(entry: LogEntry): string {
    if (isFromApp(entry)) return this.#appText(entry);
    const before = this.#openRow ? '\n' : '';
    this.#openRow = undefined;
    return `${before}${this.#platformRow(entry)}\n`;
  }

  #appText(entry: LogEntry): string {
    const text = colorsOnly(entry.line);
    // Nothing but what steers a terminal: a cleared screen is no blank line.
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

  /** The text that continues the half line at the cursor; undefined if the entry does not continue it. */
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

  /** Text that begins at column `from`; its further rows begin at `indent`, below the text. */
  #wrap(text: string, indent: number, from: number): string {
    const width = this.#columns() - indent;
    if (width < LEAST_TEXT || width === Number.POSITIVE_INFINITY) return text;
    return wrap(text, width, from - indent).join(`\n${' '.repeat(indent)}`);
  }

  /** The columns before the text, made anew when time, dyno or mark change: lines often come many at a time. */
  #headOf({ at, app, dyno }: LogEntry, mark: string): Head {
    const time = this.#localTime(at);
    const last = this.#lastHead;
    const label = labelOf({ app, dyno });
    if (last?.time === time && last.label === label && last.mark === mark) return last;
    if (dyno.length <= NAME_WIDTH.most && !IS_ONE_OFF.test(dyno))
      this.#nameWidth = Math.max(this.#nameWidth, label.length);
    const name = this.#paint([this.#colors.of(dyno)], label.padEnd(this.#nameWidth));
    const head = `${this.#paint(DIM, time)} ${mark} ${name}  `;
    this.#lastHead = { time, label, mark, head, indent: columnsOf(head) };
    return this.#lastHead;
  }

  #paint(styles: readonly Style[], text: string): string {
    return this.#isColored ? styles.reduce((inner, style) => styled(style, inner), text) : text;
  }

  /** `14:03:07`, made once a second. */
  #localTime(at: number): string {
    const second = Math.floor(at / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#time = new Date(at).toTimeString().slice(0, 8);
    }
    return this.#time;
  }
}

/** Who says it: `web.1`, or `my-app web.1` in the log of many apps. */
function labelOf({ app, dyno }: { readonly app?: string | undefined; readonly dyno: string }): string {
  return app === undefined ? dyno : `${app} ${dyno}`;
}

const DIM: readonly Style[] = ['dim'];
const TROUBLE: readonly Style[] = ['red', 'bold'];

/** The text that remains in the row after each part has overwritten the one before. */
function lastState(text: string): string {
  if (!text.includes('\r')) return text;
  return text.split('\r').findLast((state) => state !== '') ?? '';
}

/** The column where rows end that began at column `from`. */
function endOf(rows: string, from: number): number {
  const lastBreak = rows.lastIndexOf('\n');
  return lastBreak === -1 ? from + columnsOf(rows) : columnsOf(rows.slice(lastBreak + 1));
}
