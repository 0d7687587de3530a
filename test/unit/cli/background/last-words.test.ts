import { expect, test } from 'vitest';
import { lastWords } from '../../../../src/cli/background/start-again.js';

test.each([
  ['its error', 'Port 5006 is taken.\ndynosim: There is no Procfile\n', 'There is no Procfile'],
  [
    'the message of a bug',
    "app is at http://localhost:5006\nTypeError: x is not a function\n    at y (z.js:1:2) {\n  code: 'E'\n}\n",
    'TypeError: x is not a function',
  ],
  ['its last line', 'one\ntwo\n', 'two'],
  ['that it ended at once', '', 'it ended at once'],
])('a dynosim that has ended in the background leaves %s', (_what, printed, words) => {
  expect(lastWords({ printed: () => printed })).toBe(words);
});
