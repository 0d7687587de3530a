import { expect, test } from 'vitest';
import { ScreenModes } from '../../../../src/cli/run/screen-modes.js';

/** What undoes output, with `^` for an escape. */
function undoing(...chunks: readonly string[]): string {
  const screen = new ScreenModes();
  for (const chunk of chunks) screen.take(Buffer.from(chunk.replaceAll('^', '\x1b')));
  return screen.undo().replaceAll('\x1b', '^');
}

test.each([
  ['plain text', ['hello\r\n'], ''],
  ['colors that were taken back', ['^[1;32mhello^[0m'], ''],
  ['colors', ['^[1;32mhello'], '^[0m'],
  ['a program that has cleaned up', ['^[?1049h^[?25l', '^[?25h^[?1049l^[m'], ''],
  ['the alternate screen and a hidden cursor', ['^[?1049h^[?25l'], '^[?1049l^[?25h'],
  ['several modes at once', ['^[?1000;1006h'], '^[?1000l^[?1006l'],
  ['sequences in pieces', ['a^', '[?10', '49hb^[3', '1mc'], '^[0m^[?1049l'],
  ['moves of the cursor', ['^[2J^[1;1H^[K'], ''],
])('%s', (_what, chunks, expected) => {
  expect(undoing(...chunks)).toBe(expected);
});
