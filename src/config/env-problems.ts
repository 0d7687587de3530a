/**
 * Finds variables in an env file that differ from what they seem to be. Messages never show values or lines: they may
 * be secrets, and messages end up in logs.
 */

import { CONFIG_VARS_BYTES } from '../base/limits.js';
import { quote } from '../base/wording.js';
import { type Problem, ProblemList } from '../procfile/problem.js';
import { blankEntries, type EnvEntry, positionsIn, scanEnv } from './env-grammar.js';

/** The file that contains a variable. */
interface CheckContext {
  readonly text: string;
  readonly keys: ReadonlySet<string>;
  readonly position: ReturnType<typeof positionsIn>;
}

/** Checks a variable for one kind of mistake. */
type Check = (entry: EnvEntry, context: CheckContext) => Finding | undefined;

interface Finding {
  /** An index into the text. Default: the start of the key. */
  readonly at?: number;
  readonly message: string;
  readonly hint: string;
}

/** A variable gets the first finding: the others would result from it. */
const CHECKS: readonly Check[] = [
  checkLostKey,
  checkSwallowed,
  checkQuotes,
  checkCut,
  checkExpansion,
  checkName,
  checkSize,
];

/** `KEY=value` with its final NUL. `MAX_ARG_STRLEN`, execve(2) */
const LINUX_MOST_BYTES = 128 * 1024;

/**
 * Warns about variables that differ from what the author of the file sees, and those that Heroku would refuse.
 * @param isEmpty whether dotenv found no variable at all
 */
export function findEnvProblems(text: string, file: string, isEmpty: boolean): readonly Problem[] {
  const problems = new ProblemList(file, 20);
  if (isEmpty && isJson(text)) {
    const message = 'This is JSON, which only `heroku local` reads: nothing is set.';
    problems.warn(1, 0, message, 'Write KEY=value on each line.');
    return problems.list();
  }
  const entries = scanEnv(text);
  const position = positionsIn(text);
  const context = { text, keys: new Set(entries.map(({ key }) => key)), position };
  reportIgnored(problems, context);
  for (const entry of entries) {
    const [found] = CHECKS.flatMap((check) => check(entry, context) ?? []);
    if (!found) continue;
    const { line, column } = position(found.at ?? entry.name);
    problems.warn(line, column, found.message, found.hint);
  }
  const total = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (total > CONFIG_VARS_BYTES) {
    const message = `All variables together take ${kilobytes(total)} KB; Heroku accepts at most ${kilobytes(CONFIG_VARS_BYTES)} KB.`;
    problems.warn(1, 0, message, 'Keep long values in files.');
  }
  return problems.list();
}

/** Consecutive lines that are not variables, comments or empty. */
const IGNORED = /(?:^[^\S\r\n]*[^\s#][^\r\n]*(?:\r\n?|\n|$))+/gm;

function reportIgnored(problems: ProblemList, { text, position }: CheckContext): void {
  for (const { 0: lines, index } of blankEntries(text).matchAll(IGNORED)) {
    const { line: first } = position(index);
    const { line: last } = position(index + lines.trimEnd().length);
    const name = /^(?:export[ \t]+)?([A-Z_][A-Z0-9_]*)$/.exec(lines.trim())?.[1];
    if (name) {
      const hint = `Write ${quote(`${name}=`)} for an empty one.`;
      problems.warn(first, 1, `Not set: ${quote(name)} has no value.`, hint);
      continue;
    }
    const what = first === last ? 'This line is' : `Lines ${first} to ${last} are`;
    const hint = 'Begin comments with #, and put values of several lines in quotes.';
    problems.warn(first, 1, `${what} not KEY=value: nothing is set.`, hint);
  }
}

/** dotenv loses `__proto__`. */
function checkLostKey({ key }: EnvEntry): Finding | undefined {
  if (key !== '__proto__') return undefined;
  return { message: `Not set: dotenv loses a variable named ${quote(key)}.`, hint: 'Give it another name.' };
}

/** A quoted value that seems to contain another variable: a closing quote is missing. */
function checkSwallowed(
  { key, raw, quoteMark: mark, end }: EnvEntry,
  { position }: CheckContext,
): Finding | undefined {
  if (mark === '') return undefined;
  // Ignore the padding at the end of base64.
  const inner = /[\r\n]\s*(?:export\s+)?([A-Za-z_]\w*)=[^=\s]/.exec(raw)?.[1];
  if (inner === undefined) return undefined;
  const { line } = position(end);
  const message = `The value of ${quote(key)} goes on to line ${line} and takes in ${quote(`${inner}=`)}.`;
  return { message, hint: `Close the quote ${mark} where the value ends.` };
}

/** An opening quote that is not closed, or closed before the end of the value, remains in the value. */
function checkQuotes({ key, raw, quoteMark: mark }: EnvEntry): Finding | undefined {
  const first = /^['"`]/.exec(raw)?.[0];
  if (first === undefined || mark !== '') return undefined;
  const isClosed = raw.includes(first, 1);
  const why = isClosed ? 'text follows the closing quote' : 'the quote is not closed';
  const message = `The value of ${quote(key)} keeps its ${first}, because ${why}.`;
  return { message, hint: isClosed ? 'Put all of the value in quotes.' : `Close the quote with ${first}.` };
}

/** `URL=http://host/#part`: a comment to dotenv, `heroku local` and Node, but not to foreman and Docker. */
function checkCut({ key, raw, quoteMark, end }: EnvEntry, { text }: CheckContext): Finding | undefined {
  if (quoteMark !== '' || text[end] !== '#') return undefined;
  const message = `The value of ${quote(key)} ${raw === '' ? 'is empty' : 'ends here'}: # begins a comment.`;
  return { at: end, message, hint: 'Put a value that contains # in quotes.' };
}

/**
 * Ruby's dotenv, docker compose and others replace `${NAME}` and run `$(command)`; npm's dotenv and `heroku local` do
 * not. In single quotes, both are literal.
 */
function checkExpansion(
  { key, raw, quoteMark: mark }: EnvEntry,
  { keys }: CheckContext,
): Finding | undefined {
  if (mark === "'") return undefined;
  const [found, braced, bare] =
    /(?<!\\)\$(?:\{([A-Za-z_]\w*)[^}\n]*\}|\([^)\n]+\)|([A-Za-z_]\w*))/.exec(raw) ?? [];
  // A dollar sign in a password is not a reference.
  if (!found || (bare !== undefined && !keys.has(bare))) return undefined;
  const what = braced
    ? `\${${braced}} is not replaced`
    : bare
      ? `$${bare} is not replaced`
      : '$(…) is not run';
  return { message: `In the value of ${quote(key)}, ${what}.`, hint: 'Write the value out.' };
}

/** https://devcenter.heroku.com/articles/config-vars#config-var-policies */
function checkName({ key }: EnvEntry): Finding | undefined {
  const why = /^HEROKU_/.test(key)
    ? 'names that begin with HEROKU_ are reserved'
    : /^__/.test(key)
      ? 'names must not begin with __'
      : /^\w+$/.test(key)
        ? undefined
        : 'names consist of letters, digits and _';
  if (why === undefined) return undefined;
  return {
    message: `Heroku accepts no config var named ${quote(key)}: ${why}.`,
    hint: 'dynosim sets it anyway.',
  };
}

function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkSize(entry: EnvEntry): Finding | undefined {
  // The `=` and the final NUL.
  const bytes = bytesOf(entry) + 2;
  if (bytes <= LINUX_MOST_BYTES) return undefined;
  const message = `The value of ${quote(entry.key)} is ${kilobytes(bytes)} KB long: Linux cannot start a command with more than ${kilobytes(LINUX_MOST_BYTES)} KB in a variable.`;
  return { message, hint: 'Keep it in a file, and the path in the variable.' };
}

function bytesOf({ key, raw, quoteMark: { length } }: EnvEntry): number {
  return Buffer.byteLength(key) + Buffer.byteLength(raw) - 2 * length;
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
