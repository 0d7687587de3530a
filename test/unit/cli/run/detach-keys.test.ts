import { expect, test } from 'vitest';
import { DetachKeys } from '../../../../src/cli/run/detach-keys.js';

/** What is passed on of what is typed, with `|` where the user detaches. */
function typed(...chunks: readonly string[]): string {
  const keys = new DetachKeys();
  return chunks
    .map((chunk) => keys.read(Buffer.from(chunk)))
    .map(({ passed, detaches }) => `${passed}${detaches ? '|' : ''}`)
    .join('');
}

test.each([
  ['everything else passes', ['a~b.\x03\x04é\n', 'x'], 'a~b.\x03\x04é\nx'],
  ['Ctrl-] detaches', ['a\n', '\x1d'], 'a\n|'],
  ['~. detaches at the beginning', ['~.'], '|'],
  ['~. detaches after Enter, key by key', ['a\r', '~', '.'], 'a\r|'],
  ['~. detaches after a line', ['a\n~.\n'], 'a\n|'],
  ['~. detaches after Ctrl-C', ['a\x03', '~.'], 'a\x03|'],
  ['~. within a line passes', ['a~.\n'], 'a~.\n'],
  ['two tildes send one', ['~', '~', '.\n'], '~.\n'],
  ['a tilde before anything else passes', ['~', '/bin\n~\n'], '~/bin\n~\n'],
  ['a line that was not ended is dropped when the user detaches', ['a\nb\x1dc'], 'a\n|'],
])('%s', (_what, chunks, expected) => {
  expect(typed(...chunks)).toBe(expected);
});
