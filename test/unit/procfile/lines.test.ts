import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, readLine, trimBlanks } from '../../../src/procfile/lines.js';

const texts = (text: string): string[] => Array.from(linesOf(text), (line) => line.text);

describe('linesOf', () => {
  it('ends a line at LF, at CR LF and at a lone CR', () => {
    const lines = Array.from(linesOf('a\nb\r\nc\rd'), ({ number, text, end }) => [number, text, end]);
    expect(lines).toEqual([
      [1, 'a', '\n'],
      [2, 'b', '\r\n'],
      [3, 'c', '\r'],
      [4, 'd', ''],
    ]);
  });

  it('takes the end of the last line for no line of its own', () => {
    expect(texts('a\n')).toEqual(['a']);
    expect(texts('')).toEqual([]);
    expect(texts('\n\n')).toEqual(['', '']);
  });

  it('skips a byte order mark and remembers it for the first line', () => {
    const lines = Array.from(linesOf('\uFEFFa\nb'), ({ text, hasBom }) => [text, hasBom]);
    expect(lines).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('loses no character of any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', ':') });
    fc.assert(
      fc.property(text, (input) => {
        const again = Array.from(linesOf(input), (line) => line.text + line.end).join('');
        expect(again).toBe(input);
      }),
    );
  });
});

describe('readLine', () => {
  it.each([
    ['web: node a.js', 'web', 'node a.js'],
    ['web:node a.js', 'web', 'node a.js'],
    ['web:\tnode a.js', 'web', 'node a.js'],
    ['  \tweb:   node a.js \t ', 'web', 'node a.js'],
    ['my-worker_2: x', 'my-worker_2', 'x'],
    ['0: x', '0', 'x'],
    ['-: x', '-', 'x'],
    ['web: a: b', 'web', 'a: b'],
    ['web:: x', 'web', ': x'],
    ['web: x # y', 'web', 'x # y'],
    ['web: # y', 'web', '# y'],
  ])('runs %j', (text, type, command) => {
    expect(readLine(text)).toEqual({ does: 'run', type, command });
  });

  it.each([
    '',
    '   ',
    'web',
    'web node a.js',
    'web:',
    'web: \t ',
    'web : x',
    'web.1: x',
    ': x',
    '# web: x',
    ' #web: x',
    '// web: x',
    'wéb: x',
  ])('does not run %j', (text) => {
    expect(readLine(text)).toEqual({ does: 'ignore' });
  });
});

describe('trimBlanks', () => {
  it('removes spaces and tabs at both ends and nothing else', () => {
    expect(trimBlanks(' \t a \t b\t ')).toBe('a \t b');
    expect(trimBlanks('\u00A0a\v')).toBe('\u00A0a\v');
    expect(trimBlanks(' \t ')).toBe('');
  });
});
