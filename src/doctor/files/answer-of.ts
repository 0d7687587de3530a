import type { Problem } from '../../procfile/problem.js';
import { type Answer, fail, pass, skip, warn } from '../question.js';

/** More would be a page. */
const MOST = 4;

export interface Found {
  /** Errors make the answer `fail`, warnings `warn`. */
  readonly problems: readonly Problem[];
  /** Why something is not known, a sentence each. Without problems, they make the answer `skip`. */
  readonly unknown?: readonly string[];
}

/** @param seen what was seen if nothing is wrong */
export function answerOf({ problems, unknown = [] }: Found, seen: string): Answer {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const all = [...errors, ...problems.filter(({ severity }) => severity === 'warning')];
  const [first] = all;
  if (!first) return unknown.length > 0 ? skip(unknown.slice(0, MOST).join(' ')) : pass(seen);
  const shown = all.slice(0, MOST);
  const more = all.length > MOST ? [`And ${all.length - MOST} more.`] : [];
  const hints = new Set(shown.flatMap(({ hint }) => hint ?? []));
  const judge = errors.length > 0 ? fail : warn;
  const answer = judge([...shown.map(describe), ...more].join(' '), joined([...hints]));
  return { ...answer, place: { file: first.file, line: first.line } };
}

function joined(hints: readonly string[]): string {
  if (hints.length === 0) return 'See all of it: dynosim check.';
  return hints.length === 1 ? hints.join() : hints.map((hint) => hint.replace(/\w$/, '$&.')).join(' ');
}

function describe({ file, line, message }: Problem): string {
  return line > 0 ? `${file} line ${line}: ${message}` : message;
}
