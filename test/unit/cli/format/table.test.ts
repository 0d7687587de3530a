import { describe, expect, test } from 'vitest';
import { formatPairs, formatTable } from '../../../../src/cli/format/table.js';

const TABLE = {
  header: ['v', 'description', 'user'],
  rows: [
    ['v10', 'Set FOO config vars', 'you@example.com'],
    ['v9', '', 'me'],
  ],
  flexible: 'description',
};

describe('a table', () => {
  test('has aligned columns and no trailing spaces', () => {
    expect(formatTable(TABLE)).toEqual([
      'v    description          user',
      '─────────────────────────────────────────',
      'v10  Set FOO config vars  you@example.com',
      'v9                        me',
    ]);
  });

  test('that is too wide shortens one column', () => {
    const lines = formatTable(TABLE, 34);
    expect(lines[2]).toBe('v10  Set FOO con…  you@example.com');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(34);
  });

  test('does not shorten that column too far, nor any other', () => {
    expect(formatTable(TABLE, 10)[2]).toBe('v10  Set FOO…  you@example.com');
    const { header, rows } = TABLE;
    expect(formatTable({ header, rows }, 10)).toEqual(formatTable(TABLE));
  });

  test('that is still too wide loses the columns that matter least', () => {
    expect(formatTable({ ...TABLE, expendable: ['user'] }, 20)).toEqual([
      'v    description',
      '────────────────────',
      'v10  Set FOO config…',
      'v9',
    ]);
    expect(formatTable({ ...TABLE, expendable: ['user'] }, 34)).toEqual(formatTable(TABLE, 34));
  });

  test('is painted cell by cell, padding and all, the header not', () => {
    const painted = formatTable(TABLE, undefined, (cell, column) => (column === 'v' ? `<${cell}>` : cell));
    expect(painted[0]).toBe('v    description          user');
    expect(painted[3]).toBe('<v9 >                       me');
  });
});

test('pairs have aligned values, and none trails blanks', () => {
  expect(
    formatPairs([
      ['A', '1'],
      ['GREETING', 'hi'],
      ['B', ''],
    ]),
  ).toEqual(['A:        1', 'GREETING: hi', 'B:']);
  expect(formatPairs([])).toEqual([]);
});
