/** How a text becomes lines, and what dynosim reads in one line. */

/** One line of a file. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  /** Without byte order mark and line end. */
  readonly text: string;
  /** Whether a byte order mark precedes the text: only on line 1. */
  readonly hasBom: boolean;
  readonly end: LineEnd;
}

/** The end of a line; empty for a last line without one. */
type LineEnd = '\n' | '\r\n' | '\r' | '';

/** How a Procfile parser reads one line. */
export type Reading =
  | { readonly does: 'run'; readonly type: string; readonly command: string }
  | { readonly does: 'ignore' }
  /** Because of this line the whole file is refused; `how` follows the names of several parsers: "fail the build". */
  | { readonly does: 'refuse'; readonly how: string };

export const IGNORED: Reading = { does: 'ignore' };

const BOM = '\uFEFF';

/** Cuts at LF, CR LF and lone CR, as Heroku does (`\r\n?` becomes `\n`). Lazy: a file may have millions of lines. */
export function* linesOf(text: string): Generator<SourceLine> {
  const hasBom = text.startsWith(BOM);
  let start = hasBom ? BOM.length : 0;
  // Each is looked for again only once it is passed: a file without CR would else be searched at every line.
  let lf = text.indexOf('\n', start);
  let cr = text.indexOf('\r', start);
  for (let number = 1; start < text.length; number++) {
    if (lf !== -1 && lf < start) lf = text.indexOf('\n', start);
    if (cr !== -1 && cr < start) cr = text.indexOf('\r', start);
    const end = lineEnd(lf, cr);
    const stop = end === '' ? text.length : end === '\n' ? lf : cr;
    yield { number, text: text.slice(start, stop), hasBom: hasBom && number === 1, end };
    start = stop + end.length;
  }
}

function lineEnd(lf: number, cr: number): LineEnd {
  if (cr !== -1 && lf === cr + 1) return '\r\n';
  if (cr !== -1 && (lf === -1 || cr < lf)) return '\r';
  return lf === -1 ? '' : '\n';
}

/** A name, a colon. Blanks may precede the name; between the two no parser of Heroku's allows any. */
const NAME_AND_COLON = /^[ \t]*([A-Za-z0-9_-]+):/;

/**
 * dynosim's own reading of a line: it runs what has a name, a colon and a command, and never refuses a file
 * for a line it cannot read.
 */
export function readLine(text: string): Reading {
  const match = NAME_AND_COLON.exec(text);
  if (!match?.[1]) return IGNORED;
  const command = trimBlanks(text.slice(match[0].length));
  return command === '' ? IGNORED : { does: 'run', type: match[1], command };
}

/** Whether nobody expects the line to do anything: it is empty, blank, or a `#` comment. */
export function isSilent(text: string): boolean {
  const first = firstNonBlank(text);
  return first === text.length || text[first] === '#';
}

/** Without spaces and tabs at both ends. By hand, because `/[ \t]+$/` takes quadratic time on long runs of blanks. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1])) end--;
  return text.slice(Math.min(firstNonBlank(text), end), end);
}

/** Where the first character stands that is neither space nor tab. */
export function firstNonBlank(text: string): number {
  let index = 0;
  while (index < text.length && isBlank(text[index])) index++;
  return index;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
