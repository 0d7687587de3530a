import { stripVTControlCharacters } from 'node:util';
import { quote } from '../../base/wording.js';
import type { TestLogEntry } from '../../testing/test-app.js';

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

/** The most telling of a dyno's last words, after a colon; undefined if it has none. */
export function telling(words: readonly string[]): string | undefined {
  const line = words.findLast((one) => /error|exception|cannot|fail|not found/i.test(one)) ?? words.at(-1);
  return line === undefined ? undefined : `: ${quote(line, 120)}`;
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
  const crashed = logs.filter(
    ({ source, line }) => source === 'heroku' && /^State changed from \w+ to crashed$/.test(line),
  );
  const dynos = [...new Set(crashed.map(({ dyno }) => dyno))];
  return dynos.map((dyno) => ({
    dyno,
    status: endOf(entriesOf(logs, dyno, 'heroku')) ?? 1,
    lastWords: lastWords(logs, dyno),
  }));
}

/** Whether the app has printed a line, and not the platform. */
export function isOutput({ source, dyno }: TestLogEntry): boolean {
  return source === 'app' && dyno !== 'api';
}
