import { expect, test } from 'vitest';
import { shellQuote } from '../../../../src/cli/format/shell-quote.js';

test.each(['', 'plain', 'a/b.c-d_e+f%1', '2'])('%j needs no quotes', (value) => {
  expect(shellQuote(value)).toBe(value);
});

test.each([
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$HOME', "'$HOME'"],
  ['a\nb', "'a\nb'"],
  ['a=b', "'a=b'"],
])('%j becomes %s', (value, quoted) => {
  expect(shellQuote(value)).toBe(quoted);
});
