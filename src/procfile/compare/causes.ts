/** Finds why parsers disagree about a line: the cause, its column, and the remedy. */

import { codePoint, enumerate, quote } from '../../base/wording.js';
import { firstNonBlank, isSilent, type SourceLine, trimBlanks } from '../lines.js';
import { BUILDPACK_NAME_LENGTH } from './parsers.js';
import { yamlValue } from './yaml-value.js';

/** Why another parser reads a line differently, or why dynosim does not run it. */
export interface Cause {
  /** A phrase: "no space after the colon". */
  readonly what: string;
  /** From 1. */
  readonly column: number;
  readonly hint: string;
  /** Equal for lines with the same cause. */
  readonly kind: string;
}

/** A line split at its first colon. */
interface Parts {
  readonly line: SourceLine;
  /** The index of the first character that is not white space. */
  readonly start: number;
  /** The index of the first colon; the line's length if it has none. */
  readonly colon: number;
  /** The text before the colon, without leading white space. */
  readonly name: string;
  /** The text after the colon. */
  readonly rest: string;
}

interface CauseRow {
  readonly kind: string;
  /** The index of the cause in the line; -1 if it does not apply. */
  readonly at: (parts: Parts) => number;
  readonly what: (parts: Parts) => string;
  /** Undefined if the remedy is to rewrite the line with a name that works everywhere. */
  readonly hint?: (parts: Parts) => string;
}

const isWeb = /^web$/i;
/** White space other than space and tab: only some parsers skip it, and shells do not. */
const oddSpace = /[^\S \t]/;

const BOM: CauseRow = {
  kind: 'bom',
  at: ({ line }) => (line.hasBom ? 0 : -1),
  what: () => 'a byte order mark at the start of the file',
  hint: () => 'Save the file as UTF-8 without a byte order mark.',
};

/** Causes in a line that dynosim runs. Several may apply to one line. */
const OF_PROCESSES: readonly CauseRow[] = [
  BOM,
  { kind: 'indented', at: ({ start }) => (start > 0 ? 0 : -1), what: () => 'white space before the name' },
  {
    kind: 'web',
    at: ({ name, start }) => (isWeb.test(name) && name !== 'web' ? start : -1),
    what: ({ name }) => `${quote(name)} is not \`web\`, so it gets no requests`,
  },
  {
    kind: 'capital',
    at: ({ name, start }) => (isWeb.test(name) ? -1 : shift(start, name.search(/[A-Z]/))),
    what: () => 'a capital letter',
  },
  {
    kind: 'underscore',
    at: ({ name, start }) => shift(start, name.indexOf('_')),
    what: () => 'an underscore',
  },
  {
    kind: 'hyphen',
    at: ({ name, start }) => shift(start, name.indexOf('-')),
    what: () => 'a hyphen',
  },
  {
    kind: 'long',
    at: ({ name, start }) => (name.length > BUILDPACK_NAME_LENGTH ? start + BUILDPACK_NAME_LENGTH : -1),
    what: ({ name }) => `a name of ${name.length} characters`,
    hint: () => `A name of at most ${BUILDPACK_NAME_LENGTH} characters works everywhere.`,
  },
  {
    kind: 'no space',
    at: ({ colon, rest }) => (/^\s/.test(rest) ? -1 : colon + 1),
    what: () => 'no space after the colon',
  },
  {
    kind: 'odd space',
    at: ({ colon, rest }) => shift(colon + 1, indexOfOddSpace(rest)),
    what: ({ rest }) => `${codePoint(rest.charAt(indexOfOddSpace(rest)))} instead of a space`,
  },
  {
    kind: 'yaml',
    at: ({ colon, rest }) => shift(colon + 1, yamlValue(rest).trouble?.at ?? -1),
    what: ({ rest }) => `${yamlValue(rest).trouble?.what}, which means something else in YAML`,
    hint: () => 'Move the command into a script.',
  },
];

/** Why dynosim does not run a line: the first row that applies. Comments and empty lines come first. */
const OF_OTHER_LINES: readonly CauseRow[] = [
  { ...BOM, at: ({ line }) => (line.hasBom && isSilent(line.text) ? 0 : -1) },
  {
    kind: 'indented comment',
    at: ({ line, start }) => (start > 0 && line.text[start] === '#' ? 0 : -1),
    what: () => 'white space before a comment',
    hint: () => 'Begin the line with #.',
  },
  {
    kind: 'blank line',
    at: ({ line, start }) => (start > 0 && start === line.text.length ? 0 : -1),
    what: () => 'white space on an otherwise empty line',
    hint: () => 'Empty the line.',
  },
  {
    kind: 'CR LF',
    at: ({ line }) => (line.text === '' && line.end === '\r\n' ? 0 : -1),
    what: () => 'an empty line that ends in CR LF',
    hint: () => 'Save the file with LF line ends.',
  },
  {
    kind: 'slashes',
    at: ({ line, start }) => (line.text.startsWith('//', start) ? start : -1),
    what: () => '`//` does not begin a comment, # does',
    hint: () => 'Begin the line with #.',
  },
  {
    kind: 'no colon',
    at: ({ line, start, colon }) => (colon === line.text.length ? start : -1),
    what: () => 'no colon after a name',
    hint: ({ line }) =>
      `${writeAnew(/^[ \t]*([\w-]+)(?:[ \t]*=[ \t]*|[ \t]+)(\S.*)$/s.exec(line.text))}, or begin the line with # if it is a comment.`,
  },
  {
    kind: 'space before colon',
    at: ({ name, start }) => (/^[\w-]+[ \t]+$/.test(name) ? start + trimBlanks(name).length : -1),
    what: () => 'a space before the colon',
    hint: ({ line }) => `${writeAnew(/^[ \t]*([\w-]+)[ \t]+:[ \t]*(\S.*)$/s.exec(line.text))}.`,
  },
  {
    kind: 'no command',
    at: ({ name, colon }) => (/^[\w-]+$/.test(name) ? colon + 1 : -1),
    what: () => 'no command after the colon',
    hint: ({ name }) => `Write ${quote(`${name}: command`)}, or begin the line with # to keep it for later.`,
  },
  {
    kind: 'no name',
    at: ({ start }) => start,
    what: ({ name }) =>
      name === '' ? 'no name before the colon' : `${quote(name)} is not a valid name of a process type`,
    hint: () => 'Names consist of letters, digits, - and _. If the line is a comment, begin it with #.',
  },
];

/** The last resort: a character that only some parsers treat as a line end. */
const UNUSUAL: CauseRow = {
  kind: 'unusual',
  at: ({ colon }) => colon + 1,
  what: () => 'an unusual character in the command',
  hint: () => 'Remove it.',
};

/**
 * Why other parsers differ about a line that dynosim runs. Several causes become one message.
 * @param isTaken whether the file has a process type with that name
 */
export function causeOfProcess(line: SourceLine, isTaken: (name: string) => boolean): Cause {
  const parts = takeApart(line);
  const found = OF_PROCESSES.filter((row) => row.at(parts) !== -1);
  const rows = found.length > 0 ? found : [UNUSUAL];
  const hints = rows.flatMap((row) => row.hint?.(parts) ?? []);
  if (hints.length < rows.length) hints.push(writeEverywhere(parts, rows, isTaken));
  return {
    what: describe(parts, rows),
    column: Math.min(...rows.map((row) => row.at(parts))) + 1,
    hint: hints.join(' '),
    kind: rows.map((row) => row.kind).join(),
  };
}

/** Why dynosim does not run a line, or why other parsers fail at a comment or an empty line. */
export function causeOfOther(line: SourceLine): Cause {
  const parts = takeApart(line);
  const row = OF_OTHER_LINES.find((candidate) => candidate.at(parts) !== -1) ?? BOM;
  return {
    what: row.what(parts),
    column: row.at(parts) + 1,
    hint: row.hint?.(parts) ?? '',
    kind: row.kind,
  };
}

function takeApart(line: SourceLine): Parts {
  const start = firstNonBlank(line.text);
  const found = line.text.indexOf(':');
  const colon = found === -1 ? line.text.length : found;
  return { line, start, colon, name: line.text.slice(start, colon), rest: line.text.slice(colon + 1) };
}

/** Causes that only a new name can remove. */
const IN_NAMES: ReadonlySet<string> = new Set(['capital', 'underscore', 'hyphen']);

/** "White space before the name, no space after the colon and a hyphen in `my-worker`". */
function describe(parts: Parts, rows: readonly CauseRow[]): string {
  const inName = rows.filter(({ kind }) => IN_NAMES.has(kind)).map((row) => row.what(parts));
  const rest = rows.filter(({ kind }) => !IN_NAMES.has(kind)).map((row) => row.what(parts));
  return enumerate(inName.length > 0 ? [...rest, `${enumerate(inName)} in ${quote(parts.name)}`] : rest);
}

/** Suggests a line that all parsers read alike, or only a name if the rest is right. */
function writeEverywhere(
  { name, rest }: Parts,
  rows: readonly CauseRow[],
  isTaken: (name: string) => boolean,
): string {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '').slice(0, BUILDPACK_NAME_LENGTH);
  if (plain === '' || (plain !== name && isTaken(plain))) return 'Only names of a-z and 0-9 work everywhere.';
  const isRename = rows.every(({ kind, hint }) => hint || kind === 'web' || IN_NAMES.has(kind));
  return isRename ? `${quote(plain)} works everywhere.` : `Write ${quote(`${plain}: ${rest.trim()}`)}.`;
}

/** Suggests the line with a correct colon. */
function writeAnew(match: RegExpExecArray | null): string {
  return match ? `Write ${quote(`${match[1]}: ${match[2]}`)}` : 'Write `name: command`';
}

/** The index of an odd space at the start or end of a command; -1 if there is none. */
function indexOfOddSpace(rest: string): number {
  const first = firstNonBlank(rest);
  if (oddSpace.test(rest.charAt(first))) return first;
  const last = rest.length - 1;
  return oddSpace.test(rest.charAt(last)) ? last : -1;
}

function shift(by: number, index: number): number {
  return index === -1 ? -1 : by + index;
}
