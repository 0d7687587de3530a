import fc from 'fast-check';
import { expect, test } from 'vitest';
import { colorsOnly, terminalLine } from '../../../src/logs/terminal-text.js';
import { anyText } from '../../helpers/any-text.js';

test('text, tabs and colors stay', () => {
  for (const text of [
    'plain',
    'a\tb',
    'é😀',
    '\x1b[1;31mred\x1b[0m',
    '\x1b[38;2;1;2;3mx\x1b[m',
    '\x1b[4:3mwavy',
  ])
    expect(colorsOnly(text)).toBe(text);
});

test.each([
  ['clear the screen and the scrollback', '\x1b[2J\x1b[3J'],
  ['reset the terminal', '\x1bc'],
  ['move the cursor', '\x1b[H\x1b[10;5f\x1b[2A\x1b[3B\x1b7\x1b8\x1bM'],
  ['change the screen', '\x1b[?1049h\x1b[?47l'],
  ['hide the cursor', '\x1b[?25l'],
  ['erase', '\x1b[K\x1b[1K\x1b[4X'],
  ['set the title', '\x1b]0;title\x07\x1b]2;title\x1b\\'],
  ['fill the clipboard', '\x1b]52;c;aGVsbG8=\x07'],
  ['send a device string', '\x1bP1$r0m\x1b\\\x1b_Gpayload\x1b\\'],
  ['ring and go back', '\x07\b\0\x7f'],
  ['ask for an answer', '\x1b[6n\x1b[c\x05'],
  ['change the keyboard', '\x1b[>4;1m\x1b[?2004h\x1b=\x1b>'],
  ['change the character set', '\x1b(0\x0e\x0f'],
  ['do so by single characters of C1', '\x9b2J\x9d0;title\x9c\x84\x9b31m'],
])('nothing can %s', (_, controls) => {
  expect(colorsOnly(`a${controls}b`)).toBe('ab');
});

test('truncated sequences do no harm', () => {
  for (const text of ['a\x1b', 'a\x1b[', 'a\x1b[3', 'a\x1b]0;tit', 'a\x9b'])
    expect(colorsOnly(text)).toBe('a');
});

test('a return to the first column is a CR, which a line of its own spells out', () => {
  expect(colorsOnly('1\r2\x1b[G3\x1b[1G4')).toBe('1\r2\r3\r4');
  expect(terminalLine('1\r2')).toBe('1\\r2');
});

test('a color ends with the line', () => {
  expect(terminalLine('\x1b[31mred')).toBe('\x1b[31mred\x1b[0m');
});

test('of anything that a dyno prints, only text, colors, tabs and returns are left', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x9b',
    '\x9d',
    '\x07',
    '\x1b\\',
    '?',
    ';',
    '31',
    'm',
    'H',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, anyText({ maxLength: 3 }))), (pieces) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape before a color
      const left = colorsOnly(pieces.join('')).replaceAll(/\x1b\[[\d;:]*m|[\t\r]/g, '');
      expect(left).not.toMatch(/\p{Cc}/u);
    }),
  );
});
