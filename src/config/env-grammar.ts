/**
 * Where the variables of an env file stand. What they are worth is for dotenv's `parse()` to say; but it does
 * not say where it found them, nor what it passed over, and a message must.
 */

/** One `KEY=value` of an env file. */
export interface EnvEntry {
  readonly key: string;
  /** Where the key stands, from 1. */
  readonly line: number;
  readonly column: number;
  /** The value as it is written: with its quotes, without the blanks around it. */
  readonly raw: string;
  /** The quotes around it, if it is in quotes. */
  readonly quoteMark: string;
  /** Just behind the value. */
  readonly lastLine: number;
  readonly endColumn: number;
  /** Whether it ends at a `#` that no blank precedes. */
  readonly isCut: boolean;
  /** Its place in the scanned text, for edits. */
  readonly at: EnvSpan;
}

/** Indexes into a text as it is, with its CRs. */
interface EnvSpan {
  /** Start of `export`, or of the key if there is no `export`. */
  readonly start: number;
  /** Start of the raw value; just behind the `=` or `:` if the value is empty. */
  readonly value: number;
  /** Just behind the raw value. */
  readonly end: number;
}

/** Neighbouring lines that are no variable, no comment and not empty. */
export interface Junk {
  readonly first: number;
  readonly last: number;
  /** The name, if it is one line and nothing but what looks like a variable's name. */
  readonly name?: string;
}

/** The contents of an env file, without comments and empty lines. */
export interface EnvScan {
  readonly entries: readonly EnvEntry[];
  readonly junk: readonly Junk[];
}

/**
 * A variable as dotenv matches it: `KEY=` or `KEY: `, perhaps after `export`; then a value in quotes, which may
 * span lines, or the rest of the line up to a `#`. A test holds this against dotenv itself.
 */
const ENTRY =
  /^\s*(?:export\s+)?([\w.-]+)(\s*=|:\s)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?\s*(?:#.*)?$/dgm;

/** Finds the variables of an env file, and the lines that dotenv passes over without a word. */
export function scanEnv(source: string): EnvScan {
  const text = source.replace(/\r\n?/g, '\n');
  const lineAt = lineCounter(text);
  const sourceIndex = sourceIndexer(source);
  const entries: EnvEntry[] = [];
  const junk: Junk[] = [];
  let covered = 0;
  for (const match of text.matchAll(ENTRY)) {
    addJunk(junk, text.slice(covered, match.index), lineAt(covered));
    entries.push({ ...toEntry(text, match, lineAt), at: toSpan(match, sourceIndex) });
    covered = match.index + match[0].length;
  }
  addJunk(junk, text.slice(covered), lineAt(covered));
  return { entries, junk };
}

function toEntry(
  text: string,
  match: RegExpExecArray,
  lineAt: (index: number) => number,
): Omit<EnvEntry, 'at'> {
  const [, key = '', , value = ''] = match;
  const keyAt = match.indices?.[1]?.[0] ?? match.index;
  const end = (match.indices?.[2]?.[1] ?? keyAt) + value.length;
  const raw = value.trim();
  const quoteMark = /^(['"`]).*\1$/s.exec(raw)?.[1] ?? '';
  return {
    key,
    line: lineAt(keyAt),
    column: columnOf(text, keyAt),
    raw,
    quoteMark,
    lastLine: lineAt(end),
    endColumn: columnOf(text, end),
    isCut: quoteMark === '' && text[end] === '#' && !/\s/.test(text.charAt(end - 1)),
  };
}

function toSpan(match: RegExpExecArray, sourceIndex: (index: number) => number): EnvSpan {
  const [whole, , separator = '', value = ''] = match;
  const behind = match.indices?.[2]?.[1] ?? match.index;
  const raw = value.trim();
  // `: ` ends in the blank that makes the colon a separator.
  const blanks = raw === '' ? (separator.endsWith('=') ? 0 : -1) : value.length - value.trimStart().length;
  return {
    start: sourceIndex(match.index + whole.search(/\S/)),
    value: sourceIndex(behind + blanks),
    end: sourceIndex(behind + blanks + raw.length),
  };
}

/** Adds what stands between two variables; lines that follow one another are one. */
function addJunk(junk: Junk[], gap: string, firstLine: number): void {
  for (const [index, text] of gap.split('\n').entries()) {
    const start = text.trim();
    if (start === '' || start.startsWith('#')) continue;
    const line = firstLine + index;
    const previous = junk.at(-1);
    const name = /^(?:export\s+)?([A-Z_][A-Z0-9_]*)$/.exec(start)?.[1];
    if (previous?.last === line - 1) junk[junk.length - 1] = { first: previous.first, last: line };
    else junk.push(name ? { first: line, last: line, name } : { first: line, last: line });
  }
}

function columnOf(text: string, index: number): number {
  return index === 0 ? 1 : index - text.lastIndexOf('\n', index - 1);
}

/** The line of an index, for indexes that only grow: each character is looked at once. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let seen = 0;
  return (index) => {
    for (; seen < index; seen++) if (text[seen] === '\n') line++;
    return line;
  };
}

/**
 * Where an index of the text without CRs stood in the source, for indexes that only grow. CR LF is one character
 * of the text; an index behind it is behind both.
 */
function sourceIndexer(source: string): (index: number) => number {
  let seen = 0;
  let at = 0;
  return (index) => {
    for (; seen < index; seen++) at += source.startsWith('\r\n', at) ? 2 : 1;
    return at;
  };
}
