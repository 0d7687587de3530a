import { expect, test } from 'vitest';
import {
  ALL_ROWS,
  addLines,
  countSkipped,
  dynosOf,
  filterRows,
  lineFrom,
  NO_ROWS,
  toneOf,
  visibleRange,
} from '../../../../src/dashboard/state/logs.js';
import type { LogLine } from '../../../../src/logs/entry.js';

function line(text: string, more: Partial<LogLine> = {}): LogLine {
  return { at: 0, source: 'app', dyno: 'web.1', line: text, ...more };
}

function lines(from: number, count: number): LogLine[] {
  return Array.from({ length: count }, (_, index) => line(`line ${from + index}`));
}

test('the latest 10,000 rows are kept, each with an id of its own', () => {
  const first = addLines(NO_ROWS, lines(0, 6000), 0);
  const { rows, next } = addLines(first, lines(6000, 6000), 0);
  expect(rows).toHaveLength(10_000);
  expect([rows[0]?.id, rows.at(-1)?.id, next]).toEqual([2000, 11_999, 12_000]);
  expect(rows.at(-1)).toMatchObject({ line: { line: 'line 11999' } });
});

test('a note tells how many lines are left out, also to those who filter', () => {
  const { rows } = addLines(NO_ROWS, [line('one'), line('two')], 5120);
  expect(rows[0]).toEqual({ id: 0, skipped: 5120 });
  expect(countSkipped(addLines({ rows, next: 3 }, [line('three')], 80).rows)).toBe(5200);
  expect(filterRows(rows, { ...ALL_ROWS, text: 'two' }).map(({ id }) => id)).toEqual([0, 2]);
});

test('rows are found by source, dyno and text in any case', () => {
  const { rows } = addLines(
    NO_ROWS,
    [
      line('GET /orders'),
      line('get ready', { dyno: 'worker.1' }),
      line('at=info', { source: 'heroku', dyno: 'router' }),
    ],
    0,
  );
  const found = (filter: object) => filterRows(rows, { ...ALL_ROWS, ...filter }).map(({ id }) => id);
  expect(found({})).toEqual([0, 1, 2]);
  expect(found({ text: 'Get' })).toEqual([0, 1]);
  expect(found({ text: 'Get', dyno: 'worker.1' })).toEqual([1]);
  expect(found({ source: 'heroku' })).toEqual([2]);
  expect(dynosOf(rows)).toEqual(['router', 'web.1', 'worker.1']);
});

test.each([
  ['heroku', 'at=error code=H12 desc="Request timeout" method=GET', 'bad'],
  ['heroku', 'sock=client at=error code=H27', 'bad'],
  ['heroku', 'Error R14 (Memory quota exceeded)', 'bad'],
  ['heroku', 'State changed from up to crashed', 'bad'],
  ['heroku', 'at=info method=GET path="/Error R14"', 'muted'],
  ['dynosim', 'web.1 does not listen yet', 'muted'],
  ['app', 'Error R14 (as the app says)', ''],
] as const)('%s: "%s" is %s', (source, text, tone) => {
  expect(toneOf({ source, line: text })).toBe(tone);
});

test('the next line is found past notes of missing lines', () => {
  const { rows } = addLines(addLines(NO_ROWS, [line('one')], 0), [line('two')], 80);
  expect(lineFrom(rows, 2, -1)).toBe(rows[2]);
  expect(lineFrom(rows, 1, -1)).toBe(rows[0]);
  expect(lineFrom(rows, 1, 1)).toBe(rows[2]);
  expect([lineFrom(rows, 3, 1), lineFrom(rows, -1, -1), lineFrom([], -1, -1)]).toEqual(
    Array(3).fill(undefined),
  );
});

test('only the rows in view are drawn', () => {
  expect(visibleRange(0, 600, 20, 10_000)).toEqual([0, 50]);
  expect(visibleRange(100_000, 600, 20, 10_000)).toEqual([4980, 5050]);
  // Scrolled further down than there are rows, after a filter.
  expect(visibleRange(100_000, 600, 20, 10)).toEqual([10, 10]);
});
