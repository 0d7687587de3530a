/** Lays out text in columns. */

import type { Style } from '../../base/style.js';
import { shorten } from '../../base/wording.js';

/** How an output shows text. */
export interface Layout {
  readonly heading: (text: string) => string;
  readonly paint: (style: Style, text: string) => string;
  /** Columns of the terminal; without bound if it is none. */
  readonly width: number;
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The column that shrinks if the table is wider than the terminal. */
  readonly flexible?: string;
  /** Columns to leave out, in this order, if shrinking is not enough. */
  readonly expendable?: readonly string[];
}

const GAP = '  ';
/** The flexible column does not get narrower. */
const LEAST = 8;

/**
 * The lines of a table with a header, its columns aligned.
 * @param width the columns of the terminal
 * @param paint colors a padded cell
 */
export function formatTable(
  table: Table,
  width = Number.POSITIVE_INFINITY,
  paint: (cell: string, column: string, row: readonly string[]) => string = (cell) => cell,
): readonly string[] {
  const { header, rows, flexible = '' } = fitting(table, width);
  const widths = widthsOf({ header, rows });
  const surplus = Math.max(0, total(widths) - width);
  const giving = header.indexOf(flexible);
  if (giving !== -1) widths[giving] = Math.max(LEAST, (widths[giving] ?? 0) - surplus);
  const format = (row: readonly string[], paintCell: (cell: string, column: string) => string): string =>
    row
      .map((cell, column) => {
        const fitted = shorten(cell, widths[column] ?? 0);
        const isLast = column === row.length - 1;
        return paintCell(isLast ? fitted : fitted.padEnd(widths[column] ?? 0), header[column] ?? '');
      })
      .join(GAP)
      .trimEnd();
  return [
    format(header, (cell) => cell),
    '─'.repeat(total(widths)),
    ...rows.map((row) => format(row, (cell, column) => paint(cell, column, row))),
  ];
}

/** The table without the columns that do not fit the width. */
function fitting(table: Table, width: number): Table {
  const { header, rows, flexible = '', expendable = [] } = table;
  const [first, ...others] = expendable;
  const widths = widthsOf(table);
  const giving = header.indexOf(flexible);
  const slack = giving === -1 ? 0 : Math.max(0, (widths[giving] ?? 0) - LEAST);
  if (first === undefined || total(widths) - slack <= width) return table;
  const isKept = (_: string, column: number): boolean => header[column] !== first;
  const kept = { header: header.filter(isKept), rows: rows.map((row) => row.filter(isKept)) };
  return fitting({ ...kept, flexible, expendable: others }, width);
}

function widthsOf({ header, rows }: Table): number[] {
  return header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
}

/** The width of a row: its columns and the gaps between them. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

/** `KEY:   value`, the values aligned, as Heroku's CLI prints an object. */
export function formatPairs(
  pairs: readonly (readonly [key: string, value: string])[],
  paintKey: (key: string) => string = (key) => key,
): readonly string[] {
  const width = Math.max(0, ...pairs.map(([key]) => key.length)) + 1;
  return pairs.map(([key, value]) =>
    `${paintKey(key)}:${' '.repeat(Math.max(0, width - key.length))}${value}`.trimEnd(),
  );
}
