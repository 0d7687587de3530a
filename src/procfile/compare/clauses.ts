/** Describes in a sentence how each parser treats a line. */

import { enumerate, quote, sentence } from '../../base/wording.js';
import { IGNORED, type Reading, type SourceLine } from '../lines.js';
import { PARSERS, type Parser } from './parsers.js';

/** A phrase about one parser, to follow its name. */
export interface Clause {
  readonly parser: Parser;
  readonly reading: Reading;
  /** In the plural: "ignore it"; `singular` turns it into "ignores it". */
  readonly does: string;
  /** Whether dynosim does the same. */
  readonly agrees: boolean;
}

/** How each other parser reads a line that dynosim reads as `own`. */
export function judge(line: SourceLine, own: Reading): readonly Clause[] {
  return PARSERS.map((parser) => clause(parser, own, parser.read(line)));
}

/**
 * Most lines: a type, and a program with arguments, without anything that a parser could treat specially. For these, dynos
 * need not wait until each parser has read the line.
 */
export const USUAL_LINE = /^[a-z]{1,60}: [a-z][\w./-]*(?: [\w./-]+)+$/;

/** Whether any parser differs about a line that dynosim reads as `own`: `judge` without texts. */
export function isDisputed(line: SourceLine, own: Reading): boolean {
  if (!line.hasBom && USUAL_LINE.test(line.text)) return false;
  return PARSERS.some(({ read }) => !agree(own, read(line)));
}

/** How each other parser reads lines that dynosim does not run: the worst case for each. */
export function judgeLost(lines: readonly SourceLine[]): readonly Clause[] {
  return PARSERS.map((parser) => {
    let worst: { readonly reading: Reading; readonly line?: SourceLine } = { reading: IGNORED };
    for (const line of lines) {
      const reading = parser.read(line);
      if (SEVERITY[reading.does] > SEVERITY[worst.reading.does]) worst = { reading, line };
    }
    const several = lines.length > 1;
    const it = several && worst.line ? `line ${worst.line.number}` : several ? 'them' : 'it';
    return clause(parser, IGNORED, worst.reading, it);
  });
}

const SEVERITY = { ignore: 0, join: 1, run: 2, refuse: 3 } as const;

/** How each other parser reads the lines of what looks like a YAML block, which dynosim does not run. */
export function judgeBlock(lines: readonly SourceLine[]): readonly Clause[] {
  return judgeLost(lines).map((clause) => {
    const { block } = clause.parser;
    return block === undefined ? clause : { ...clause, does: block, agrees: false };
  });
}

/** How each other parser reads a line whose name appears again below, in `winner`. */
export function judgeRepeated(line: SourceLine, winner: SourceLine): readonly Clause[] {
  return PARSERS.map((parser) => {
    const reading = parser.read(line);
    const later = parser.read(winner);
    if (later.does === 'refuse') return clause(parser, IGNORED, later);
    if (reading.does !== 'run') return clause(parser, IGNORED, reading);
    const isRepeated = later.does === 'run' && later.type === reading.type;
    if (!isRepeated) return { parser, reading, does: 'run this one', agrees: false };
    if (parser.repeated === 'all') return { parser, reading, does: 'run each', agrees: false };
    return { parser, reading, does: `run line ${winner.number} only`, agrees: true };
  });
}

/**
 * Combines clauses into one sentence: groups parsers that do the same, and puts those that differ from dynosim first.
 * @param isShort names only the parsers that differ
 */
export function toSentence(clauses: readonly Clause[], isShort = false): string {
  const groups = new Map<string, Clause[]>();
  for (const clause of clauses) groups.set(clause.does, [...(groups.get(clause.does) ?? []), clause]);
  const ordered = [...groups.values()].sort(([a], [b]) => Number(a?.agrees) - Number(b?.agrees));
  return sentence(ordered.map((group) => groupText(group, isShort)).join('; '));
}

function groupText(group: readonly Clause[], isShort: boolean): string {
  const [{ does = '', agrees = false } = {}] = group;
  const names = isShort && agrees ? 'the other parsers' : enumerate(group.map(({ parser }) => parser.name));
  return `${names} ${group.length > 1 ? does : singular(does)}`;
}

/** `fail the build` → `fails the build` */
function singular(does: string): string {
  return does.replace(/^\w+/, '$&s');
}

function agree(own: Reading, theirs: Reading): boolean {
  if (own.does !== 'run' || theirs.does !== 'run') return own.does === theirs.does;
  return own.type === theirs.type && own.command === theirs.command;
}

function clause(parser: Parser, own: Reading, reading: Reading, it = 'it'): Clause {
  const does = reading.does === 'refuse' ? reading.how : describe(own, reading, it);
  return { parser, reading, does, agrees: agree(own, reading) };
}

function describe(own: Reading, theirs: Exclude<Reading, { does: 'refuse' }>, it: string): string {
  if (theirs.does === 'ignore') return `ignore ${own.does === 'run' ? 'this line' : it}`;
  if (theirs.does === 'join') return `add ${it} to the command before`;
  const command = theirs.command === '' ? 'no command' : `the command ${quote(theirs.command, 40)}`;
  if (own.does !== 'run') return `make a process type ${quote(theirs.type)} of ${it}, with ${command}`;
  const as = own.type === theirs.type ? '' : ` as ${quote(theirs.type)}`;
  return `run ${own.command === theirs.command ? it : command}${as}`;
}
