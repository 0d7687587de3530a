/** Compares how dynosim and the other parsers read a Procfile. */

import { enumerate, nameLines, quote, sentence } from '../../base/wording.js';
import { firstNonBlank, isSilent, linesOf, type Reading, readLine, type SourceLine } from '../lines.js';
import { type Problem, ProblemList } from '../problem.js';
import {
  type Conflict,
  type Continuation,
  isContinued,
  isLastMarker,
  isMarker,
  openConflict,
  openContinuation,
} from './blocks.js';
import { type Cause, causeOfOther, causeOfProcess } from './causes.js';
import {
  type Clause,
  isDisputed,
  judge,
  judgeBlock,
  judgeLost,
  judgeRepeated,
  toSentence,
} from './clauses.js';
import { PARSERS } from './parsers.js';

/**
 * Finds the lines of a Procfile that another parser reads differently, or that dynosim does not run.
 * @param winners the line that counts for each process type: its last one
 */
export function findDifferences(
  text: string,
  file: string,
  winners: ReadonlyMap<string, SourceLine>,
): readonly Problem[] {
  const walk = new Walk(file, winners);
  for (const line of linesOf(text)) walk.visit(line);
  return walk.finish();
}

/** Lines that make a single parser refuse the file, all with the same cause. */
interface Refused {
  readonly cause: Cause;
  readonly clauses: readonly Clause[];
  readonly lines: number[];
}

/** One pass over the lines. */
class Walk {
  readonly #winners: ReadonlyMap<string, SourceLine>;
  readonly #problems: ProblemList;
  readonly #refused = new Map<string, Refused>();
  #conflict: Conflict | undefined;
  #continuation: Continuation | undefined;
  #sawLoneCr = false;

  constructor(file: string, winners: ReadonlyMap<string, SourceLine>) {
    this.#winners = winners;
    this.#problems = new ProblemList(file);
  }

  visit(line: SourceLine): void {
    const own = readLine(line.text);
    if (line.end === '\r') this.#visitLoneCr(line);
    if (this.#isInsideBlock(line, own)) return;
    this.#continuation = openContinuation(line, own);
    const winner = own.does === 'run' ? this.#winners.get(own.type) : undefined;
    if (!winner || winner.number === line.number) this.#compare(line, own);
    else if (this.#conflict) this.#conflict.repeated.push({ line, winner });
    else this.#reportRepeated(line, winner);
  }

  finish(): readonly Problem[] {
    this.#closeContinuation();
    this.#closeConflict();
    for (const refused of this.#refused.values()) this.#reportRefused(refused);
    return this.#problems.list();
  }

  /** Whether an earlier line's message covers this line. */
  #isInsideBlock(line: SourceLine, own: Reading): boolean {
    if (this.#continuation && isContinued(this.#continuation, line, own)) {
      this.#continuation.lost.push(line);
      return true;
    }
    this.#closeContinuation();
    if (!this.#conflict) {
      this.#conflict = openConflict(line);
      return this.#conflict !== undefined;
    }
    if (!isMarker(line)) return false;
    this.#conflict.markers.push(line);
    if (isLastMarker(line)) this.#closeConflict();
    return true;
  }

  #compare(line: SourceLine, own: Reading): void {
    const isLost = own.does !== 'run' && !isSilent(line.text);
    if (!isLost && !isDisputed(line, own)) return;
    if (this.#problems.isFull) {
      this.#problems.count();
      return;
    }
    const cause =
      own.does === 'run' ? causeOfProcess(line, (name) => this.#winners.has(name)) : causeOfOther(line);
    const clauses = judge(line, own);
    const others = clauses.filter(({ agrees }) => !agrees);
    if (!isLost && others.length === 1 && others[0]?.reading.does === 'refuse') {
      this.#collectRefused(line, cause, clauses);
      return;
    }
    const what = sentence(isLost ? `not run: ${cause.what}` : cause.what);
    this.#problems.warn(line.number, cause.column, `${what} ${toSentence(clauses)}`, cause.hint);
  }

  /** A parser reports only the first line at which it refuses a file, so all such lines share one warning. */
  #collectRefused(line: SourceLine, cause: Cause, clauses: readonly Clause[]): void {
    const refused = this.#refused.get(cause.kind) ?? { cause, clauses, lines: [] };
    refused.lines.push(line.number);
    this.#refused.set(cause.kind, refused);
  }

  #reportRefused({ cause, clauses, lines: [first = 0, ...rest] }: Refused): void {
    const also = rest.length > 0 ? `, as on ${nameLines(rest)}` : '';
    this.#problems.warn(
      first,
      cause.column,
      `${sentence(`${cause.what}${also}`)} ${toSentence(clauses, true)}`,
      cause.hint,
    );
  }

  #reportRepeated(line: SourceLine, winner: SourceLine): void {
    if (this.#problems.isFull) {
      this.#problems.count();
      return;
    }
    const name = quote(line.text.slice(0, line.text.indexOf(':')).trim());
    const what = `Not run: line ${winner.number} says ${name} again, and the last line counts.`;
    const clauses = toSentence(judgeRepeated(line, winner));
    this.#problems.warn(
      line.number,
      firstNonBlank(line.text) + 1,
      `${what} ${clauses}`,
      'Remove one of them.',
    );
  }

  #closeContinuation(): void {
    if (!this.#continuation) return;
    const { kind, first, command, lost } = this.#continuation;
    this.#continuation = undefined;
    const what =
      kind === 'yaml' ? `${quote(command)} does not begin a block` : 'A backslash does not continue a line';
    const lines = nameLines(lost.map(({ number }) => number));
    const rest = lost.length > 0 ? `, and ${lines} ${lost.length > 1 ? 'are' : 'is'} not run` : '';
    const message = `${what}: the command is only ${quote(command)}${rest}.`;
    const judged = kind === 'yaml' ? judgeBlock(lost) : judgeLost(lost);
    const clauses = lost.length > 0 ? ` ${toSentence(judged)}` : '';
    const column = first.text.lastIndexOf(command) + 1;
    this.#problems.warn(first.number, column, `${message}${clauses}`, 'Write the whole command on one line.');
  }

  #closeConflict(): void {
    if (!this.#conflict) return;
    const { markers, repeated } = this.#conflict;
    this.#conflict = undefined;
    const from = markers[0]?.number ?? 0;
    const to = markers.at(-1)?.number ?? from;
    const isSettledInside = ({ winner }: { winner: SourceLine }) => winner.number < to;
    for (const { line, winner } of repeated.filter((pair) => !isSettledInside(pair)))
      this.#reportRepeated(line, winner);
    const both = PARSERS.filter((parser) => parser.repeated === 'all').map(({ name }) => name);
    const names = repeated.some(isSettledInside)
      ? ` Of a type that both sides have, the later line runs; ${enumerate(both)} runs each.`
      : '';
    const what = `Unresolved merge conflict, lines ${from} to ${to}: git's markers are not run.`;
    this.#problems.warn(
      from,
      1,
      `${what} ${toSentence(judgeLost(markers))}${names}`,
      'Resolve the conflict.',
    );
  }

  #visitLoneCr(line: SourceLine): void {
    if (this.#sawLoneCr) return;
    this.#sawLoneCr = true;
    const others = PARSERS.filter(({ loneCr }) => loneCr).map(({ name, loneCr }) => `${name} ${loneCr}`);
    const message = `This line ends in a lone CR, which ends a line here. ${sentence(others.join('; '))}`;
    this.#problems.warn(line.number, line.text.length + 1, message, 'Save the file with LF line ends.');
  }
}
