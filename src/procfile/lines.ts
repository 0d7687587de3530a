/** Splits a text into lines, and reads a line of a Procfile. */

export interface SourceLine {
  /** From 1. */
  readonly number: number;
  /** Without the byte order mark and the line end. */
  readonly text: string;
  /** Whether a byte order mark precedes the text: possible only on line 1. */
  readonly hasBom: boolean;
  readonly end: LineEnd;
}

/** The end of a line; empty for a last line without one. */
type LineEnd = '\n' | '\r\n' | '\r' | '';

/** How a Procfile parser reads one line. */
export type Reading =
  | { readonly does: 'run'; readonly type: string; readonly command: string }
  | { readonly does: 'ignore' }
  /** Adds the line to the command before it. */
  | { readonly does: 'join' }
  /** Refuses the whole file because of this line. `how` is a phrase in the plural: "fail the build". */
  | { readonly does: 'refuse'; readonly how: string };

export const IGNORED: Reading = { does: 'ignore' };

const BOM = '\uFEFF';

/**
 * Splits at LF, CR LF and lone CR, like Heroku (`\r\n?` becomes `\n`). Lazy, because a file may have millions of lines.
 */
export function* linesOf(text: string): Generator<SourceLine> {
  const hasBom = text.startsWith(BOM);
  let start = hasBom ? BOM.length : 0;
  // Search for each again only after passing it: otherwise a file without CR would be searched at every line.
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

/** A name and a colon. White space may precede the name; no parser of Heroku's allows any before the colon. */
const NAME_AND_COLON = /^[ \t]*([A-Za-z0-9_-]+):/;

/**
 * Reads a line as dynosim does: runs lines with a name, a colon and a command, and never refuses a file because of a
 * line.
 */
export function readLine(text: string): Reading {
  const match = NAME_AND_COLON.exec(text);
  if (!match?.[1]) return IGNORED;
  const command = trimBlanks(text.slice(match[0].length));
  return command === '' ? IGNORED : { does: 'run', type: match[1], command };
}

/** Whether the line is empty, only white space, or a `#` comment, so that it needs no warning. */
export function isSilent(text: string): boolean {
  const first = firstNonBlank(text);
  return first === text.length || text[first] === '#';
}

/** Removes spaces and tabs at both ends. `/[ \t]+$/` would take quadratic time on long runs of spaces. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1])) end--;
  return text.slice(Math.min(firstNonBlank(text), end), end);
}

/** The index of the first character that is neither a space nor a tab. */
export function firstNonBlank(text: string): number {
  let index = 0;
  while (index < text.length && isBlank(text[index])) index++;
  return index;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
