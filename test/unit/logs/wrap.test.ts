import { expect, test } from 'vitest';
import { columnsOf, wrap } from '../../../src/logs/wrap.js';

test('rows break at spaces, or anywhere without one', () => {
  expect(wrap('one two three', 20)).toEqual(['one two three']);
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  expect(wrap('', 3)).toEqual(['']);
});

test('the first row may have less room', () => {
  expect(wrap('one two', 7, 3)).toEqual(['one', 'two']);
  expect(wrap('one', 3, 3)).toEqual(['', 'one']);
});

test('colors take no columns, wide characters two, combining marks none', () => {
  expect(wrap('\x1b[31mabc\x1b[0m', 3)).toEqual(['\x1b[31mabc\x1b[0m']);
  expect(wrap('日本語', 4)).toEqual(['日本', '語']);
  expect(columnsOf('\x1b[1m日本\x1b[0m!')).toBe(5);
  expect(columnsOf('e\u0301😀')).toBe(3);
});

test('a tab goes to the next stop', () => {
  expect(columnsOf('a\tb')).toBe(9);
  expect(wrap('a\tb c', 10)).toEqual(['a       b', 'c']);
});
