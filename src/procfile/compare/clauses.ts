/** Who does what with a line, as a sentence: derived from the readings, the same way for every trap. */

import { enumerate, quote, sentence } from '../../base/wording.js';
import { IGNORED, type Reading, type SourceLine } from '../lines.js';
import { DIALECTS, type Dialect } from './dialects.js';

/** What one parser does, as a phrase that follows its name. */
export interface Verdict {
  readonly dialect: Dialect;
  readonly reading: Reading;
  /** After one name and after several: "ignores it", "ignore it". */
  readonly one: string;
  readonly many: string;
  /** Whether dynosim does the same. */
  readonly agrees: boolean;
}

/** What every other parser makes of a line that dynosim reads as `own`. */
export function judge(line: SourceLine, own: Reading): readonly Verdict[] {
  return DIALECTS.map((dialect) => verdict(dialect, own, dialect.read(line)));
}

/** Whether anybody differs about a line that dynosim reads as `own`: `judge` without the words. */
export function isDisputed(line: SourceLine, own: Reading): boolean {
  return DIALECTS.some(({ read }) => !agree(own, read(line)));
}

/** What every other parser makes of lines that dynosim does not run: each parser's worst. */
export function judgeLost(lines: readonly SourceLine[]): readonly Verdict[] {
  return DIALECTS.map((dialect) => {
    let worst: { readonly reading: Reading; readonly line?: SourceLine } = { reading: IGNORED };
    for (const line of lines) {
      const reading = dialect.read(line);
      if (SEVERITY[reading.does] > SEVERITY[worst.reading.does]) worst = { reading, line };
    }
    const several = lines.length > 1;
    const it = several && worst.line ? `line ${worst.line.number}` : several ? 'them' : 'it';
    return verdict(dialect, IGNORED, worst.reading, it);
  });
}

const SEVERITY = { ignore: 0, run: 1, refuse: 2 } as const;

/** What every other parser makes of a line whose name comes again further down, in `winner`. */
export function judgeRepeated(line: SourceLine, winner: SourceLine): readonly Verdict[] {
  return DIALECTS.map((dialect) => {
    const reading = dialect.read(line);
    const later = dialect.read(winner);
    if (reading.does !== 'run' || later.does === 'refuse') return verdict(dialect, IGNORED, reading);
    const isRepeated = later.does === 'run' && later.type === reading.type;
    if (!isRepeated) return { dialect, reading, one: 'runs this one', many: 'run this one', agrees: false };
    if (dialect.repeated === 'all')
      return { dialect, reading, one: 'runs each', many: 'run each', agrees: false };
    const rest = `line ${winner.number} only`;
    return { dialect, reading, one: `runs ${rest}`, many: `run ${rest}`, agrees: true };
  });
}

/**
 * All verdicts as one sentence: those who do the same together, and those who differ from dynosim first.
 * @param isShort whether to name only those who differ
 */
export function tell(verdicts: readonly Verdict[], isShort = false): string {
  const groups = new Map<string, { readonly verdict: Verdict; readonly who: string[] }>();
  for (const verdict of verdicts) {
    const group = groups.get(verdict.one) ?? { verdict, who: [] };
    group.who.push(verdict.dialect.who);
    groups.set(verdict.one, group);
  }
  const ordered = [...groups.values()].sort((a, b) => Number(a.verdict.agrees) - Number(b.verdict.agrees));
  const clauses = ordered.map(({ verdict, who }) => {
    const names = isShort && verdict.agrees ? 'the other parsers' : enumerate(who);
    return `${names} ${who.length > 1 ? verdict.many : verdict.one}`;
  });
  return sentence(clauses.join('; '));
}

function agree(own: Reading, theirs: Reading): boolean {
  if (own.does !== 'run' || theirs.does !== 'run') return own.does === theirs.does;
  return own.type === theirs.type && own.command === theirs.command;
}

function verdict(dialect: Dialect, own: Reading, reading: Reading, it = 'it'): Verdict {
  const agrees = agree(own, reading);
  if (reading.does === 'refuse') return { dialect, reading, one: reading.how, many: reading.how, agrees };
  const [one, many, rest] = phrase(own, reading, it);
  return { dialect, reading, one: `${one} ${rest}`, many: `${many} ${rest}`, agrees };
}

function phrase(
  own: Reading,
  theirs: Exclude<Reading, { does: 'refuse' }>,
  it: string,
): [string, string, string] {
  if (theirs.does === 'ignore') return ['ignores', 'ignore', own.does === 'run' ? 'this line' : it];
  const command = theirs.command === '' ? 'no command' : `the command ${quote(theirs.command, 40)}`;
  if (own.does !== 'run')
    return ['makes', 'make', `a process type ${quote(theirs.type)} of ${it}, with ${command}`];
  const as = own.type === theirs.type ? '' : ` as ${quote(theirs.type)}`;
  return ['runs', 'run', `${own.command === theirs.command ? it : command}${as}`];
}
