import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasKeyboard } from '../../../../src/cli/keys/keyboard.js';
import { describeKeys, keyRows, parseTyped } from '../../../../src/cli/keys/table.js';

test('README.md lists the same keys as the help and h', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [, table = ''] = /\n### Keys\n[\s\S]*?\n\| --- \| --- \|\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const rows = table.split('\n').map((row) => /^\| `(.*?)` \| (.*) \|$/.exec(row)?.slice(1));
  expect(rows).toEqual(keyRows());
});

test('the list of keys fits a terminal of 80 columns', () => {
  expect(describeKeys().filter((line) => line.length > 80)).toEqual([]);
});

test.each([
  ['h', { key: 'h', word: '' }],
  ['  r \r', { key: 'r', word: '' }],
  ['r web.1', { key: 'r', word: 'web.1' }],
  ['+ web', { key: '+', word: 'web' }],
  ['-worker', { key: '-', word: 'worker' }],
  ['', undefined],
])('%j is understood', (line, typed) => {
  expect(parseTyped(line)).toEqual(typed);
});

test.each([
  ['x', 'There is no key "x"'],
  ['help', 'There is no key "help"'],
  ['toString', 'There is no key "toString"'],
  ['q now', 'q takes no "now"'],
  ['- web 5', '- takes one word, not "web 5"'],
  ['t', '"t" is incomplete'],
  ['+', '"+" is incomplete'],
])('%j is refused in one line', (line, message) => {
  expect(() => parseTyped(line)).toThrow(message);
});

test.each([
  ['at a terminal', true, {}, 'pretty', true],
  ['at a terminal with a log for Heroku', true, { CI: 'false' }, 'heroku', true],
  ['without a terminal', false, {}, 'pretty', false],
  ['in CI', true, { CI: 'true' }, 'pretty', false],
  ['with a log for programs', true, {}, 'json', false],
] as const)('%s there are keys: %s %o %s → %s', (_where, isTerminal, env, format, are) => {
  expect(hasKeyboard(isTerminal, env, format)).toBe(are);
});
