import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanEnv } from '../../../src/config/env-grammar.js';

describe('scanEnv', () => {
  it('says where each variable and its value stand', () => {
    const { entries } = scanEnv('\n# c\nA=1\r\n  export B = "x\ny" # z\nC:\n  d\n');
    expect(entries.map(({ at, ...entry }) => entry)).toEqual([
      { key: 'A', line: 3, column: 1, raw: '1', quoteMark: '', lastLine: 3, endColumn: 4, isCut: false },
      {
        key: 'B',
        line: 4,
        column: 10,
        raw: '"x\ny"',
        quoteMark: '"',
        lastLine: 5,
        endColumn: 3,
        isCut: false,
      },
      { key: 'C', line: 6, column: 1, raw: 'd', quoteMark: '', lastLine: 7, endColumn: 4, isCut: false },
    ]);
  });

  it.each([
    ['A=b#c', true],
    ['A=#c', true],
    ['A="b"c#d', true],
    ['A=b #c', false],
    ['A= #c', false],
    ['A: #c', false],
    ['A="b"#c', false],
    ['A="b#c"', false],
  ])('sees whether a # without a blank before it ends the value of %s', (text, isCut) => {
    expect(scanEnv(text).entries.map((entry) => entry.isCut)).toEqual([isCut]);
  });

  // Bars stand where it begins, where its value begins, and where that ends.
  it.each([
    '|A=|1|',
    '# c\r\n\r\n  |export\r\n A = |1| # c\r\n',
    'B=1\r\n|A=|"x\r\ny"|\r\n',
    '\uFEFF|A: |1|\r',
    '|A =|| # c',
    '|A:||\r\n\r\nB=1',
    '|A:\r\n  |d|',
  ])('finds where A stands: %j', (marked) => {
    const text = marked.replaceAll('|', '');
    const entry = scanEnv(text).entries.find(({ key }) => key === 'A');
    const { start = 0, value = 0, end = 0 } = entry?.at ?? {};
    const parts = [text.slice(0, start), text.slice(start, value), text.slice(value, end), text.slice(end)];
    expect(parts.join('|')).toBe(marked);
  });

  it('takes neighbouring lines that are nothing for one', () => {
    expect(scanEnv('A=1\nsome\nthing else\n\n# c\nFOO\nexport BAR\n\nBAZ\n"x": 1').junk).toEqual([
      { first: 2, last: 3 },
      { first: 6, last: 7 },
      { first: 9, last: 10 },
    ]);
    expect(scanEnv('FOO\nA=1\nexport BAR\n').junk).toEqual([
      { first: 1, last: 1, name: 'FOO' },
      { first: 3, last: 3, name: 'BAR' },
    ]);
  });

  it('finds exactly the variables that dotenv finds', () => {
    const words = ['A', 'B_1', 'c.d', 'export ', '=', ':', ': ', 'x'];
    const marks = [
      ' ',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '"',
      "'",
      '`',
      '\\',
      '#',
      '$',
      '\u00A0',
      '\uFEFF',
      '\u2028',
      'é',
    ];
    const piece = fc.constantFrom(...words, ...marks);
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (input) => {
        const keys = new Set(scanEnv(input).entries.map(({ key }) => key));
        expect([...keys].sort()).toEqual(Object.keys(parse(input)).sort());
      }),
      { numRuns: 5000 },
    );
  });
});
