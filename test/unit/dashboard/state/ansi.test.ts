import { expect, test } from 'vitest';
import { hasControls, parseAnsi } from '../../../../src/dashboard/state/ansi.js';

const ESC = '\x1b';

function pieces(line: string): readonly (readonly [style: string, text: string])[] {
  return parseAnsi(line).map(({ style, text }) => [style, text]);
}

test('a line without escape sequences is one piece', () => {
  expect(pieces('<b>plain</b>\tline')).toEqual([['', '<b>plain</b>\tline']]);
});

test('colours and effects last until they are ended', () => {
  expect(pieces(`${ESC}[1;31mbad${ESC}[22m less${ESC}[39m plain`)).toEqual([
    ['red bold', 'bad'],
    ['red', ' less'],
    ['', ' plain'],
  ]);
  expect(pieces(`${ESC}[97;44mx${ESC}[my`)).toEqual([
    ['white on-blue', 'x'],
    ['', 'y'],
  ]);
});

test('256 and true colours become the nearest of eight', () => {
  expect(pieces(`${ESC}[38;5;196ma${ESC}[38;5;9mb${ESC}[38;2;10;200;20mc${ESC}[48;5;21md`)).toEqual([
    ['red', 'ab'],
    ['green', 'c'],
    ['green on-blue', 'd'],
  ]);
  // The codes after the colour still count.
  expect(pieces(`${ESC}[38;5;2;1mx`)).toEqual([['green bold', 'x']]);
});

test('all other control sequences are left out', () => {
  const line = `a${ESC}[2J${ESC}[10;20H${ESC}]0;title\x07b${ESC}]8;;http://x${ESC}\\c${ESC}(B\x9b\x07\rd`;
  expect(pieces(line)).toEqual([['', 'abcd']]);
  expect([hasControls('plain\ttext'), hasControls('\x9b')]).toEqual([false, true]);
});

test('an unfinished sequence hides nothing that follows it', () => {
  expect(pieces(`a${ESC}[31`).map(([, text]) => text)).toEqual(['a31']);
});
