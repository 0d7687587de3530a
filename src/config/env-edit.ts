/**
 * Changes config vars in the text of an env file, and nothing else. Only dotenv decides what a text means: it reads
 * each edit back, and if the result is not as wanted, the next spelling or position is tried.
 */

import { UserError } from '../base/errors.js';
import { quote } from '../base/wording.js';
import { explain } from '../procfile/problem.js';
import { DEFAULT_ENV_FILE, parseEnv } from './env-file.js';
import { type EnvEntry, scanEnv } from './env-grammar.js';
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
  const wanted = new Map(Object.entries(parseEnv(text).values));
  const steps = [...changes].filter(([key, value]) => value === null || wanted.get(key) !== value);
  // Check all values before the first edit: a value that cannot be written fails in every text.
  const warnings = steps.flatMap(([key, value]) => (value === null ? [] : checkVar(key, value)));
  let edited = text;
  for (const [key, value] of steps) {
    if (value === null) wanted.delete(key);
    else wanted.set(key, value);
    const candidates = value === null ? withoutKey(edited, key) : withValue(edited, key, value);
    edited = firstThatReads(candidates, wanted, (other) => notEditable(edited, file, key, other));
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
  if (!spellings(value).next().done) return undefined;
  return 'it contains the quotes that would have to surround it';
}

type EnvValues = ReadonlyMap<string, string>;

/**
 * The first text that dotenv reads as wanted.
 * @param refuse makes the error; gets a variable that the first text gets wrong
 */
function firstThatReads(
  texts: Iterable<string>,
  wanted: EnvValues,
  refuse: (key: string) => UserError,
): string {
  let wrong: string | undefined;
  for (const text of texts) {
    const differing = firstDifference(parseEnv(text).values, wanted);
    if (differing === undefined) return text;
    wrong ??= differing;
  }
  throw refuse(wrong ?? '');
}

/** The first key with a wrong value, or one that should not exist. */
function firstDifference(values: Readonly<Record<string, string>>, wanted: EnvValues): string | undefined {
  const surplus = Object.keys(values).find((key) => !wanted.has(key));
  if (surplus !== undefined) return surplus;
  for (const [key, value] of wanted) if (!Object.hasOwn(values, key) || values[key] !== value) return key;
  return undefined;
}

function notEditable(text: string, file: string, key: string, other: string): UserError {
  const entry = scanEnv(text).entries.findLast((candidate) => candidate.key === other);
  const place = `${file}:${entry?.line ?? 1}`;
  const message = `${place}: the quotes of ${quote(other)} do not let ${quote(key)} be changed`;
  return new UserError(
    'ENV_FILE_NOT_EDITABLE',
    message,
    'Close the quote on that line, or change it by hand.',
  );
}

/** Possible texts with a key set, least surprising first. */
function* withValue(text: string, key: string, value: string): Generator<string> {
  const entry = scanEnv(text).entries.findLast((candidate) => candidate.key === key);
  if (entry) for (const raw of spellings(value, entry)) yield replaceValue(text, entry, raw);
  for (const rest of entry ? withoutKey(text, key) : [text]) {
    for (const insert of [append, appendApart, prepend]) {
      for (const raw of spellings(value)) yield insert(rest, `${key}=${raw}`);
    }
  }
}

function replaceValue(text: string, { raw: old, at }: EnvEntry, raw: string): string {
  const before = text.slice(0, at.value);
  const blanks = old === '' ? (/^[ \t]*/.exec(text.slice(at.end))?.[0] ?? '') : '';
  const after = text.slice(at.end + blanks.length);
  // The colon of `A:` counts only before a space, and `A =` continues as `A = b`.
  const gap = old === '' && /[ \t]=$|:$/.test(before) ? ' ' : '';
  // To foreman, docker compose and shells, a # without a space before it is part of the value.
  const room = after.startsWith('#') ? blanks || ' ' : '';
  return before + gap + withLineEnds(raw, text) + room + after;
}

/** Adds a line at the end. If the last line had no line end, the new one has none either. */
function append(text: string, line: string): string {
  const end = lineEndOf(text);
  const own = withLineEnds(line, text);
  return isOpen(text) ? text + end + own : text + own + end;
}

/** Adds an empty line first, because a last line `A:` would read the next line as its value. */
function appendApart(text: string, line: string): string {
  return append(text + lineEndOf(text).repeat(isOpen(text) ? 2 : 1), line);
}

/** Adds a line at the start, where no open quote precedes it. */
function prepend(text: string, line: string): string {
  const start = text.startsWith(BOM) ? BOM.length : 0;
  return text.slice(0, start) + withLineEnds(line, text) + lineEndOf(text) + text.slice(start);
}

const BOM = '\uFEFF';

/** Whether the last line has no line end. */
function isOpen(text: string): boolean {
  return text !== '' && text !== BOM && !/[\r\n]$/.test(text);
}

/** The last one; LF if there is none. */
function lineEndOf(text: string): string {
  return /(\r\n|\r|\n)[^\r\n]*$/.exec(text)?.[1] ?? '\n';
}

/** What dotenv treats as a line end. */
function withLineEnds(raw: string, text: string): string {
  return raw.replaceAll('\n', lineEndOf(text));
}

/**
 * Possible texts without a key: without its lines, or, if that changes other variables (`A:` reads the next line as its
 * value), with an empty line or a comment instead.
 */
function* withoutKey(text: string, key: string): Generator<string> {
  for (const trace of [undefined, '', '#']) {
    let rest = text;
    for (const entry of scanEnv(text).entries.toReversed()) {
      if (entry.key === key) rest = cut(rest, entry, trace);
    }
    yield rest;
  }
}

/** Removes the lines of a variable, including a comment after the value. */
function cut(text: string, { at }: EnvEntry, trace: string | undefined): string {
  let start = at.start;
  while (start > 0 && /[^\S\r\n\u2028\u2029\uFEFF]/.test(text.charAt(start - 1))) start--;
  // To dotenv, U+2028 ends a line, too.
  const [end = ''] = /\r\n|[\r\n\u2028\u2029]|$/.exec(text.slice(at.end)) ?? [];
  const stop = end === '' ? text.length : text.indexOf(end, at.end);
  const before = text.slice(0, start);
  const after = text.slice(stop);
  if (trace !== undefined) return before + trace + after;
  // If the removed line had no line end, the new last line gets none either.
  return end === '' ? before.replace(/(?:\r\n|\r|\n)$/, '') : before + after.slice(end.length);
}

const QUOTES = ["'", '"', '`'] as const;

/** The start of a quoted value. Without a closing quote, dotenv may use a quote further down in the file. */
const QUOTED = /^['"`]/;

/** Values that all tools and shells read literally. */
const PLAIN = /^[\p{L}\p{N}_%+,./:=?@-]+$/u;

/**
 * Possible spellings of a value, least surprising first.
 * @param old the old spelling, whose style is kept if possible
 */
function* spellings(value: string, old?: EnvEntry): Generator<string> {
  for (const raw of [...inStyleOf(old, value), ...inAnyStyle(value)]) {
    const { values } = parseEnv(`A=${raw}`);
    if (values.A === value && Object.keys(values).length === 1) yield raw;
  }
}

function inStyleOf(old: EnvEntry | undefined, value: string): readonly string[] {
  if (!old || old.raw === '') return [];
  if (old.quoteMark === '') {
    // Keep spaces unquoted if the old value has unquoted spaces.
    const isBold = !PLAIN.test(old.raw) && !QUOTED.test(old.raw);
    return isBold && !QUOTED.test(value) ? [value] : [];
  }
  if (value.includes(old.quoteMark)) return [];
  const isEscaped = old.quoteMark === '"' && !old.raw.includes('\n');
  return [...(isEscaped ? [`"${escapeLines(value)}"`] : []), `${old.quoteMark}${value}${old.quoteMark}`];
}

/**
 * Ordered by how many others read it like dotenv: `heroku local`, foreman, and bash's `source`. All three read single
 * quotes literally. foreman supports `\n` in double quotes, and `heroku local` does not fail on it, as it does on a
 * value of several lines. A shell runs the text in backticks.
 */
function inAnyStyle(value: string): readonly string[] {
  const isOneLine = !value.includes('\n');
  const rows: readonly (readonly [isMeant: boolean, raw: string])[] = [
    [PLAIN.test(value), value],
    [value === '', '""'],
    [isOneLine && !value.includes("'"), `'${value}'`],
    [!value.includes('"'), `"${escapeLines(value)}"`],
    [!QUOTED.test(value), value],
    ...QUOTES.map((mark) => [!value.includes(mark), mark + value + mark] as const),
    // dotenv removes the outer quotes even if there are quotes between them.
    [true, `"${escapeLines(value)}"`],
    ...QUOTES.map((mark) => [true, mark + value + mark] as const),
    [true, value],
  ];
  return rows.flatMap(([isMeant, raw]) => (isMeant ? [raw] : []));
}

/** dotenv and foreman turn `\n` in double quotes into a newline, dotenv `\r` too. */
function escapeLines(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}
