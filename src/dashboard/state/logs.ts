import type { LogLine } from '../../logs/entry.js';

/** A row of the log: a line, or a note that lines are missing. */
export type LogRow = { readonly id: number } & (
  | { readonly line: LogLine }
  /** So many lines came too fast, or are older than the page keeps. */
  | { readonly skipped: number }
);

/** A row that is a line. */
export type LineRow = Extract<LogRow, { readonly line: LogLine }>;

/** The latest rows of a log, oldest first. */
export interface LogRows {
  readonly rows: readonly LogRow[];
  /** The id of the next row. */
  readonly next: number;
}

export const NO_ROWS: LogRows = { rows: [], next: 0 };

/** How many rows the page keeps. */
const KEPT = 10_000;

/**
 * Adds lines to a log.
 * @param skipped how many lines before these are left out
 */
export function addLines({ rows, next }: LogRows, lines: readonly LogLine[], skipped: number): LogRows {
  let id = next;
  const added: LogRow[] = skipped > 0 ? [{ id: id++, skipped }] : [];
  for (const line of lines.slice(-KEPT)) added.push({ id: id++, line });
  return { rows: [...rows.slice(Math.max(0, rows.length + added.length - KEPT)), ...added], next: id };
}

/** How many lines are left out between the rows. */
export function countSkipped(rows: readonly LogRow[]): number {
  return rows.reduce((sum, row) => sum + ('skipped' in row ? row.skipped : 0), 0);
}

/** Which rows to show: those that match every part that is set. */
export interface LogRowFilter {
  /** `app`, `heroku`, `dynosim`; empty for all. */
  readonly source: string;
  /** `web.1`, `router`; empty for all. */
  readonly dyno: string;
  /** Part of the line, in any case. */
  readonly text: string;
}

export const ALL_ROWS: LogRowFilter = { source: '', dyno: '', text: '' };

/** The rows that match. Notes of missing lines always do: what is missing might have matched. */
export function filterRows(rows: readonly LogRow[], { source, dyno, text }: LogRowFilter): readonly LogRow[] {
  if (source === '' && dyno === '' && text === '') return rows;
  const wanted = text.toLowerCase();
  return rows.filter(
    (row) =>
      'skipped' in row ||
      ((source === '' || row.line.source === source) &&
        (dyno === '' || row.line.dyno === dyno) &&
        (wanted === '' || row.line.line.toLowerCase().includes(wanted))),
  );
}

const ERROR = /^((sock=\w+ )?at=error |Error [A-Z]\d|State changed from \w+ to crashed$)/;

/** How a line stands out: the name of a class. What the platform says is not as loud as the app, except for errors. */
export function toneOf({ source, line }: Pick<LogLine, 'source' | 'line'>): '' | 'muted' | 'bad' {
  if (source === 'app') return '';
  return ERROR.test(line) ? 'bad' : 'muted';
}

/** The dynos that lines come from, sorted. */
export function dynosOf(rows: readonly LogRow[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) if ('line' in row) names.add(row.line.dyno);
  return [...names].sort();
}

/** The first line from a place on, upwards or downwards, past notes of missing lines. */
export function lineFrom(rows: readonly LogRow[], place: number, step: 1 | -1): LineRow | undefined {
  for (let index = place; ; index += step) {
    const row = rows[index];
    if (!row || 'line' in row) return row;
  }
}

/** Which rows of a long list to draw: those in view, and some more on both sides. */
export function visibleRange(
  scrollTop: number,
  height: number,
  rowHeight: number,
  length: number,
): readonly [first: number, end: number] {
  const more = 20;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - more);
  const end = Math.min(length, Math.ceil((scrollTop + height) / rowHeight) + more);
  return [Math.min(first, end), end];
}
