import type { LogEntry } from './entry.js';

/** SGR codes of a terminal. */
const DIM = '2';
const TROUBLE = '1;31';
const RESET = '\x1b[0m';

/** As `heroku logs` has them. https://github.com/heroku/cli/blob/main/packages/cli/src/lib/run/colorize.ts */
const FIXED_COLORS = [
  ['run', '33'],
  ['router', '32'],
  ['web', '36'],
] as const;
/** For all other process types; red is left to trouble. */
const FREE_COLORS = ['35', '34', '95', '93', '94', '92', '96'] as const;

/** At first wide enough for `run.1234`, so that it seldom grows; names longer than `most` stick out instead. */
const NAME_WIDTH = { first: 8, most: 20 } as const;

/** Worth a look. A dyno that was asked to stop ends with 143: https://devcenter.heroku.com/articles/dyno-shutdown-behavior */
const IS_TROUBLE =
  /^at=error |^Error [RHL]\d|^State changed from \w+ to crashed|^Process exited with status (?!0$|143$)/;

/** All but the tab: a path in a router line must not steer the terminal. */
const CONTROL_CHARACTERS = /[^\P{Cc}\t]/gu;

/**
 * Lines for people at a terminal: local time, a mark, who says it, the text.
 *
 *     14:03:07   web.1     Listening on 20711
 *     14:03:07 · web.1     State changed from starting to up
 *     14:03:09 · router    GET /a 200 18ms web.1
 *     14:03:12 · web.1     dynosim: woken by GET / (curl/8.5), held 5.4 s = 5.0 s delay + 0.4 s boot
 *     14:03:15 ! web.1     Error R14 (Memory quota exceeded)
 *
 * An app's text keeps its own colours; the platform's is dim, and red where it means trouble.
 */
export class Pretty {
  readonly #isColored: boolean;
  readonly #typeColors = new Map<string, string>(FIXED_COLORS);
  #nameWidth: number = NAME_WIDTH.first;
  #second = Number.NaN;
  #time = '';
  /** The dyno whose half line stands at the cursor. */
  #openRow: string | undefined;

  constructor({ color }: { readonly color: boolean }) {
    this.#isColored = color;
  }

  /** One entry as text, line end included. The parts of a line share a row unless something came in between. */
  format(entry: LogEntry): string {
    const { dyno, part } = entry;
    const isContinued = this.#openRow === dyno && (part === 'middle' || part === 'last');
    const isOpen = part === 'first' || part === 'middle';
    const row = entry.source === 'app' ? this.#appRow(entry, isContinued) : this.#platformRow(entry);
    const start = this.#openRow === undefined || isContinued ? '' : '\n';
    this.#openRow = isOpen ? dyno : undefined;
    return `${start}${row}${isOpen ? '' : '\n'}`;
  }

  #appRow(entry: LogEntry, isContinued: boolean): string {
    const head = this.#head(entry, ' ');
    // A progress bar goes back to the start of the row, where our own columns are.
    const text = entry.line.includes('\r') ? entry.line.replaceAll('\r', `\r${head}`) : entry.line;
    // A colour that is left switched on must not run into the next line.
    return `${isContinued ? '' : head}${text}${text.includes('\x1b') ? RESET : ''}`;
  }

  #platformRow(entry: LogEntry): string {
    const isTrouble = IS_TROUBLE.test(entry.line);
    const words = (entry.brief?.() ?? entry.line).replace(CONTROL_CHARACTERS, '\ufffd');
    const text = entry.source === 'dynosim' ? `dynosim: ${words}` : words;
    return isTrouble
      ? this.#head(entry, this.#paint(TROUBLE, '!')) + this.#paint(TROUBLE, text)
      : this.#head(entry, this.#paint(DIM, '·')) + this.#paint(DIM, text);
  }

  #head({ at, dyno }: LogEntry, mark: string): string {
    if (dyno.length <= NAME_WIDTH.most) this.#nameWidth = Math.max(this.#nameWidth, dyno.length);
    const name = this.#paint(this.#colorOf(dyno), dyno.padEnd(this.#nameWidth));
    return `${this.#paint(DIM, this.#localTime(at))} ${mark} ${name}  `;
  }

  #paint(code: string, text: string): string {
    return this.#isColored ? `\x1b[${code}m${text}${RESET}` : text;
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

  /** Given by the type's name, so the same every day; a type whose colour is taken gets the next one that is free. */
  #colorOf(dyno: string): string {
    const type = dyno.split('.', 1).join();
    const known = this.#typeColors.get(type);
    if (known) return known;
    const taken = new Set(this.#typeColors.values());
    const wanted = checksum(type) % FREE_COLORS.length;
    const inTurn = [...FREE_COLORS.slice(wanted), ...FREE_COLORS.slice(0, wanted)];
    const color = inTurn.find((candidate) => !taken.has(candidate)) ?? FREE_COLORS[wanted] ?? DIM;
    this.#typeColors.set(type, color);
    return color;
  }
}

function checksum(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 0);
}
