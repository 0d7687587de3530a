/**
 * Finds the positions of variables in an env file, and of text that dotenv ignores, for messages. dotenv's `parse()`,
 * which defines the values, does not return them.
 */

/** `KEY=value` in an env file. The numbers are indexes into the text. */
export interface EnvEntry {
  readonly key: string;
  /** The value as written: with its quotes, without surrounding spaces. */
  readonly raw: string;
  /** The quote characters, if the value is in quotes. */
  readonly quoteMark: string;
  /** The start of `export`, or of the key. */
  readonly start: number;
  /** The start of the key. */
  readonly name: number;
  /** The start of the raw value; after the `=` or `:` if the value is empty. */
  readonly value: number;
  /** The end of the raw value. */
  readonly end: number;
}

/**
 * Matches a variable like dotenv: `KEY=` or `KEY: `, perhaps after `export`; then a quoted value, which may span lines,
 * or the rest of the line up to a `#`. A test compares this with dotenv, to which CR LF is one character.
 */
const ENTRY =
  /^(\s*)((?:export\s+)?)([\w.-]+)(\s*=|:(?:\r\n|(?!\r\n)\s))(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/gm;

/** Finds the variables of an env file. */
export function scanEnv(text: string): readonly EnvEntry[] {
  return Array.from(text.matchAll(ENTRY), (match) => {
    const [, spaces = '', exported = '', key = '', separator = '', written = ''] = match;
    const raw = written.trim();
    const quoteMark = /^(['"`]).*\1$/s.exec(raw)?.[1] ?? '';
    const start = match.index + spaces.length;
    const name = start + exported.length;
    const behind = name + key.length + separator.length;
    // The space in `: ` makes the colon a separator.
    const afterSign = separator.endsWith('=') ? behind : behind + 1 - separator.length;
    const value = raw === '' ? afterSign : behind + written.length - written.trimStart().length;
    return { key, raw, quoteMark, start, name, value, end: value + raw.length };
  });
}

/** The line of the entry that counts for a variable, from 1: the last one; 0 if there is none. */
export function lineOfVar(text: string, key: string): number {
  const entry = scanEnv(text).findLast((candidate) => candidate.key === key);
  return entry === undefined ? 0 : positionsIn(text)(entry.name).line;
}

/** Replaces the variables of an env file with spaces. What remains is text that dotenv ignores, in its position. */
export function blankEntries(text: string): string {
  return text.replace(ENTRY, (entry) => entry.replace(/[^\r\n]/g, ' '));
}

/** Finds the line and column of indexes, from 1; quickly if each index is close to the one before. */
export function positionsIn(
  text: string,
): (index: number) => { readonly line: number; readonly column: number } {
  const starts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (end) => end.index + end[0].length)];
  const startOf = (line: number): number => starts[line] ?? Number.POSITIVE_INFINITY;
  let line = 0;
  return (index) => {
    while (startOf(line + 1) <= index) line++;
    while (startOf(line) > index) line--;
    return { line: line + 1, column: index - startOf(line) + 1 };
  };
}
