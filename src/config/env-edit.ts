/**
 * Changes config vars in the text of an env file, and nothing else. Only dotenv decides what a text means: it reads
 * each edit back, and if the result is not as wanted, the next spelling or position is tried.
 */

import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';
import { explain } from '../procfile/problem.js';
import { DEFAULT_ENV_FILE, parseEnv, valuesIn } from './env-file.js';
import { type EnvEntry, positionsIn, scanEnv } from './env-grammar.js';
import type { VarChanges } from './layers.js';

/** An env file after a change. */
export interface EnvEdit {
  readonly text: string;
  /** A line for each variable that Heroku would refuse. */
  readonly warnings: readonly string[];
}

/**
 * Changes config vars in the text of an env file, as dotenv reads it. Comments, order, spaces, quotes and line ends
 * stay as they are.
 *
 * If a key occurs several times, only the last one, which dotenv uses, is changed. Removing a key removes all of them.
 * A new key is added at the end.
 * @param file the file's name in errors
 * @throws UserError `KEY_NOT_EXPRESSIBLE`, `VALUE_NOT_EXPRESSIBLE`, `ENV_FILE_NOT_EDITABLE`
 */
export function editEnv(text: string, changes: VarChanges, file = DEFAULT_ENV_FILE): EnvEdit {
  const wanted = new Map(Object.entries(valuesIn(text)));
  const steps = [...changes].filter(([key, value]) => value === null || wanted.get(key) !== value);
  // Check all values before the first edit: a value that cannot be written fails in every text.
  const warnings = steps.flatMap(([key, value]) => (value === null ? [] : checkVar(key, value)));
  let edited = text;
  for (const [key, value] of steps) {
    if (value === null) wanted.delete(key);
    else wanted.set(key, value);
    edited = firstThatReads(candidates(edited, key, value), wanted, (other) =>
      notEditable(edited, file, key, other),
    );
  }
  return { text: edited, warnings };
}

/**
 * Refuses variables that dotenv cannot read back.
 * @returns warnings about the variable
 */
function checkVar(key: string, value: string): readonly string[] {
  const { values, problems } = parseEnv(`${key}=x`);
  if (!Object.hasOwn(values, key)) {
    const message = `An env file cannot hold a variable named ${quote(key)}`;
    // dotenv reads `__proto__`, but JavaScript objects lose it.
    const hint = /^\w+$/.test(key) ? 'Give it another name.' : 'Names consist of letters, digits and _.';
    throw new UserError('KEY_NOT_EXPRESSIBLE', message, hint);
  }
  const reason = whyNotExpressible(value);
  if (reason === undefined) return problems.map(explain);
  const message = `An env file cannot hold the value of ${quote(key)}: ${reason}`;
  throw new UserError('VALUE_NOT_EXPRESSIBLE', message, 'Encode it, for example in base64.');
}

function whyNotExpressible(value: string): string | undefined {
  if (value.includes('\0')) return 'it contains a zero byte';
  // UTF-8 cannot encode a lone surrogate: dotenv would read another character.
  if (/\p{Surrogate}/u.test(value)) return 'it is not valid Unicode';
  // Only npm's dotenv reads `\r` in double quotes as a carriage return; others read a backslash and an r.
  if (/\r(?!\n)/.test(value)) return 'it contains a carriage return that is not part of a line end';
  // Only dotenv reads such a value in "…", with `\n` for the newline; others stop at the inner ".
  const isInAllQuotes = QUOTES.every((mark) => value.includes(mark));
  if (isInAllQuotes && value.includes('\n')) return 'it contains a newline and all three kinds of quotes';
  if (spellings(value).length > 0) return undefined;
  return 'it contains the quotes that would have to surround it';
}

/**
 * The first text that dotenv reads as wanted.
 * @param refuse makes the error; gets a variable that the first text gets wrong
 */
function firstThatReads(
  texts: Iterable<string>,
  wanted: ReadonlyMap<string, string>,
  refuse: (key: string) => UserError,
): string {
  let wrong: string | undefined;
  for (const text of texts) {
    const found = new Map(Object.entries(valuesIn(text)));
    const differing = [...found.keys(), ...wanted.keys()].find((key) => found.get(key) !== wanted.get(key));
    if (differing === undefined) return text;
    wrong ??= differing;
  }
  throw refuse(wrong ?? '');
}

function notEditable(text: string, file: string, key: string, other: string): UserError {
  const { line } = positionsIn(text)(lastEntry(text, other)?.name ?? 0);
  const message = `${file}:${line}: the quotes of ${quote(other)} do not let ${quote(key)} be changed`;
  const hint = 'Close the quote on that line, or change it by hand.';
  return new UserError('ENV_FILE_NOT_EDITABLE', message, hint);
}

function lastEntry(text: string, key: string): EnvEntry | undefined {
  return scanEnv(text).findLast((entry) => entry.key === key);
}

/** Possible texts with a key set or, by null, removed; least surprising first. */
function* candidates(text: string, key: string, value: string | null): Generator<string> {
  if (value === null) return yield* withoutKey(text, key);
  const entry = lastEntry(text, key);
  if (entry)
    for (const raw of spellings(value, entry)) yield replaceValue(text, entry, withLineEnds(raw, text));
  const lines = spellings(value).map((raw) => withLineEnds(`${key}=${raw}`, text));
  for (const rest of entry ? withoutKey(text, key) : [text])
    for (const insert of insertions(rest)) yield* lines.map(insert);
}

function replaceValue(text: string, { raw: old, value, end }: EnvEntry, raw: string): string {
  const before = text.slice(0, value);
  const blanks = old === '' ? (/^[ \t]*/.exec(text.slice(end))?.[0] ?? '') : '';
  const after = text.slice(end + blanks.length);
  // The colon of `A:` counts only before a space, and `A =` continues as `A = b`.
  const gap = old === '' && /[ \t]=$|:$/.test(before) ? ' ' : '';
  // To foreman, docker compose and shells, a # without a space before it is part of the value.
  const room = after.startsWith('#') ? blanks || ' ' : '';
  return before + gap + raw + room + after;
}

/** The ways to add a line to a text. If its last line has no line end, the new last line has none either. */
function insertions(text: string): readonly ((line: string) => string)[] {
  const end = lineEndOf(text);
  const [, mark = '', rest = ''] = /^(\uFEFF?)(.*)$/s.exec(text) ?? [];
  const isOpen = rest !== '' && !/[\r\n]$/.test(rest);
  const [before, after] = isOpen ? [end, ''] : ['', end];
  return [
    (line) => text + before + line + after,
    // After an empty line, because a last line `A:` would read the next line as its value.
    (line) => text + before + end + line + after,
    // At the start, where no open quote precedes it.
    (line) => mark + line + end + rest,
  ];
}

/** The last line end; LF if there is none. */
function lineEndOf(text: string): string {
  return /(\r\n|\r|\n)[^\r\n]*$/.exec(text)?.[1] ?? '\n';
}

/** dotenv reads each of them as a newline. */
function withLineEnds(raw: string, text: string): string {
  return raw.replaceAll('\n', lineEndOf(text));
}

/**
 * Possible texts without a key: without its lines, or, if that changes other variables (`A:` reads the next line as its
 * value), with an empty line or a comment instead.
 */
function* withoutKey(text: string, key: string): Generator<string> {
  const entries = scanEnv(text).filter((entry) => entry.key === key);
  for (const trace of [undefined, '', '#'])
    yield entries.reduceRight((rest, entry) => cut(rest, entry, trace), text);
}

/** Removes the lines of a variable, including a comment after the value. */
function cut(text: string, { start, end }: EnvEntry, trace: string | undefined): string {
  let from = start;
  while (/[^\S\r\n\u2028\u2029\uFEFF]/.test(text.charAt(from - 1))) from--;
  const before = text.slice(0, from);
  // To dotenv, U+2028 ends a line, too.
  const after = text.slice(end).replace(/^[^\r\n\u2028\u2029]*/, '');
  if (trace !== undefined) return before + trace + after;
  // If the removed line had no line end, the new last line has none either.
  return after === '' ? before.replace(/(?:\r\n|\r|\n)$/, '') : before + after.replace(/^(?:\r\n|.)/s, '');
}

const QUOTES = ["'", '"', '`'] as const;

/** The start of a quoted value. Without a closing quote, dotenv may use a quote further down in the file. */
const QUOTED = /^['"`]/;

/** Whether all tools and shells read a value literally. */
function isPlain(value: string): boolean {
  return /^[\p{L}\p{N}_%+,./:=?@-]+$/u.test(value);
}

/**
 * Possible spellings of a value, least surprising first.
 * @param old the old spelling, whose style is kept if possible
 */
function spellings(value: string, old?: EnvEntry): readonly string[] {
  return [...inStyleOf(old, value), ...inAnyStyle(value)].filter((raw) => {
    const values = valuesIn(`A=${raw}`);
    return values.A === value && Object.keys(values).length === 1;
  });
}

function inStyleOf(old: EnvEntry | undefined, value: string): readonly string[] {
  if (!old || old.raw === '') return [];
  if (old.quoteMark === '') {
    // Keep spaces unquoted if the old value has unquoted spaces.
    const isBold = !isPlain(old.raw) && !QUOTED.test(old.raw);
    return isBold && !QUOTED.test(value) ? [value] : [];
  }
  if (value.includes(old.quoteMark)) return [];
  const isEscaped = old.quoteMark === '"' && !/[\r\n]/.test(old.raw);
  return [...(isEscaped ? [escaped(value)] : []), old.quoteMark + value + old.quoteMark];
}

/**
 * Ordered by how many others read it like dotenv: `heroku local`, foreman, and bash's `source`. All three read single
 * quotes literally. foreman supports `\n` in double quotes, and `heroku local` does not fail on it, as it does on a
 * value of several lines. A shell runs the text in backticks.
 */
function inAnyStyle(value: string): readonly string[] {
  const isOneLine = !value.includes('\n');
  const inQuotes = (mark: string): string => mark + value + mark;
  return [
    ...(isPlain(value) ? [value] : []),
    ...(value === '' ? ['""'] : []),
    ...(isOneLine && !value.includes("'") ? [inQuotes("'")] : []),
    ...(value.includes('"') ? [] : [escaped(value)]),
    ...(QUOTED.test(value) ? [] : [value]),
    ...QUOTES.filter((mark) => !value.includes(mark)).map(inQuotes),
    // dotenv removes the outer quotes even if there are quotes between them.
    escaped(value),
    ...QUOTES.map(inQuotes),
    value,
  ];
}

/** dotenv and foreman turn `\n` in double quotes into a newline, dotenv `\r` too. */
function escaped(value: string): string {
  return `"${value.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
}
