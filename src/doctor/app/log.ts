import { stripVTControlCharacters } from 'node:util';
import { quote } from '../../base/wording.js';
import type { TestLogEntry } from '../../testing/test-app.js';
import { withoutCopy } from './copy.js';

export type LogEntries = readonly TestLogEntry[];

const LAST_WORDS = 40;

/** The lines about a dyno, or those it has printed (`app`). */
export function entriesOf(logs: LogEntries, dyno: string, source: TestLogEntry['source']): LogEntries {
  return logs.filter((entry) => entry.dyno === dyno && entry.source === source);
}

/** The newest lines that a dyno has printed, oldest first, without colors and empty lines. */
export function lastWords(logs: LogEntries, dyno: string): readonly string[] {
  return entriesOf(logs, dyno, 'app')
    .slice(-LAST_WORDS)
    .map(({ line }) => stripVTControlCharacters(line).trim())
    .filter((line) => line !== '');
}

/** How languages begin the line that tells an exception: `KeyError: 'NAME'`, `TypeError [ERR_INVALID_URL]: Invalid URL`. */
const EXCEPTION = /^(?:\w+[.:]+)*\w*(?:Error|Exception)\b.*:/;
const COMPLAINT = /error|exception|cannot|fail|not found/i;

/** The most telling of a dyno's last words, after a colon; undefined if it has none. */
export function telling(words: readonly string[]): string | undefined {
  return complaint(words) ?? quoted(words.at(-1));
}

/** As `telling`, but only if they tell of an error. */
export function complaint(words: readonly string[]): string | undefined {
  const find = (pattern: RegExp) => words.findLast((word) => pattern.test(word));
  return quoted(find(EXCEPTION) ?? find(COMPLAINT));
}

function quoted(line: string | undefined): string | undefined {
  return line === undefined ? undefined : `: ${quote(withoutCopy(line), 120)}`;
}

/** The status with which a dyno has ended first. */
export function endOf(lines: LogEntries): number | undefined {
  for (const { line } of lines) {
    const status = /^Process exited with status (\d+)$/.exec(line)?.[1];
    if (status !== undefined) return Number(status);
  }
  return undefined;
}

/** A dyno that has ended by itself. */
export interface End {
  readonly dyno: string;
  readonly status: number;
  readonly lastWords: readonly string[];
}

/** The dynos that have crashed. */
export function endsIn(logs: LogEntries): readonly End[] {
  const crashed = logs.filter((entry) => entry.source === 'heroku' && isCrash(entry));
  const dynos = [...new Set(crashed.map(({ dyno }) => dyno))];
  return dynos.map((dyno) => ({
    dyno,
    status: endOf(entriesOf(logs, dyno, 'heroku')) ?? 1,
    lastWords: lastWords(logs, dyno),
  }));
}

/** Whether the platform says in a line that a dyno has ended by itself. */
export function isCrash({ line }: TestLogEntry): boolean {
  return /^State changed from \w+ to crashed$/.test(line);
}

/** Whether the app has printed a line, and not the platform. */
export function isOutput({ source, dyno }: TestLogEntry): boolean {
  return source === 'app' && dyno !== 'api';
}
