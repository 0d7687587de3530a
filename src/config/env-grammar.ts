/**
 * Finds the positions of variables in an env file, and of text that dotenv ignores, for messages. dotenv's `parse()`,
 * which defines the values, does not return them.
 */

/** `KEY=value` in an env file. */
export interface EnvEntry {
  readonly key: string;
  /** The position of the key, from 1. */
  readonly line: number;
  readonly column: number;
  /** The value as written: with its quotes, without surrounding spaces. */
  readonly raw: string;
  /** The quote characters, if the value is in quotes. */
  readonly quoteMark: string;
  /** The position after the value. */
  readonly lastLine: number;
  readonly endColumn: number;
  /** Whether it ends at a `#` without a space in front. */
  readonly isCut: boolean;
  /** Its position in the text, for edits. */
  readonly at: EnvSpan;
}

/** Indexes into the original text, with its CRs. */
interface EnvSpan {
  /** The start of `export`, or of the key. */
  readonly start: number;
  /** The start of the raw value; after the `=` or `:` if the value is empty. */
  readonly value: number;
  /** The end of the raw value. */
  readonly end: number;
}

/** Consecutive lines that are not variables, comments or empty. */
export interface Junk {
  readonly first: number;
  readonly last: number;
  /** The name, if it is a single line that looks like a variable's name. */
  readonly name?: string;
}

/** The contents of an env file without comments and empty lines. */
export interface EnvScan {
  readonly entries: readonly EnvEntry[];
  readonly junk: readonly Junk[];
}

/**
 * Matches a variable like dotenv: `KEY=` or `KEY: `, perhaps after `export`; then a quoted value, which may span lines,
 * or the rest of the line up to a `#`. A test compares this with dotenv.
 */
const ENTRY =
  /^\s*(?:export\s+)?([\w.-]+)(\s*=|:\s)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?\s*(?:#.*)?$/dgm;

/** Finds the variables of an env file, and the lines that dotenv silently ignores. */
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
  // The space in `: ` makes the colon a separator.
  const blanks = raw === '' ? (separator.endsWith('=') ? 0 : -1) : value.length - value.trimStart().length;
  return {
    start: sourceIndex(match.index + whole.search(/\S/)),
    value: sourceIndex(behind + blanks),
    end: sourceIndex(behind + blanks + raw.length),
  };
}

/** Adds the text between two variables. Consecutive lines become one entry. */
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

/** Finds the line of an index. Indexes must ascend, so that each character is examined once. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let seen = 0;
  return (index) => {
    for (; seen < index; seen++) if (text[seen] === '\n') line++;
    return line;
  };
}

/**
 * Converts an index in the text without CRs to the original text. Indexes must ascend. CR LF is one character of the
 * text; an index after it is after both.
 */
function sourceIndexer(source: string): (index: number) => number {
  let seen = 0;
  let at = 0;
  return (index) => {
    for (; seen < index; seen++) at += source.startsWith('\r\n', at) ? 2 : 1;
    return at;
  };
}
