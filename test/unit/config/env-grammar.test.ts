import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionsIn, scanEnv } from '../../../src/config/env-grammar.js';

describe('scanEnv', () => {
  it('finds the positions of each variable and its value', () => {
    const text = '\n# c\nA=1\r\n  export B = "x\ny" # z\rC:\n  d\n';
    const position = positionsIn(text);
    const found = scanEnv(text).map(({ key, raw, quoteMark, name, end }) => {
      const [from, to] = [position(name), position(end)];
      return [key, raw, quoteMark, `${from.line}:${from.column} to ${to.line}:${to.column}`];
    });
    expect(found).toEqual([
      ['A', '1', '', '3:1 to 3:4'],
      ['B', '"x\ny"', '"', '4:10 to 5:3'],
      ['C', 'd', '', '6:1 to 7:4'],
    ]);
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
    const entry = scanEnv(text).find(({ key }) => key === 'A');
    const { start = 0, value = 0, end = 0 } = entry ?? {};
    const parts = [text.slice(0, start), text.slice(start, value), text.slice(value, end), text.slice(end)];
    expect(parts.join('|')).toBe(marked);
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
        const keys = new Set(scanEnv(input).map(({ key }) => key));
        expect([...keys].sort()).toEqual(Object.keys(parse(input)).sort());
      }),
      { numRuns: 5000 },
    );
  });
});
