import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StatusLines } from '../../../src/api/attach/rendezvous.js';

const LINE = '\uFFFF heroku-command-exit-status: 3\n';

/** What is sent of output that comes in these pieces. */
function sent(...pieces: readonly (string | Buffer)[]): readonly Buffer[] {
  const lines = new StatusLines();
  return [...pieces.flatMap((piece) => lines.push(Buffer.from(piece))), ...lines.rest()];
}

/** Pieces of these lengths, and the rest. */
function cutUp(whole: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const length of lengths) {
    pieces.push(whole.subarray(from, from + length));
    from += length;
  }
  return [...pieces, whole.subarray(from)];
}

test.each([
  ['after output', [`a\n${LINE}`], ['a\n', LINE]],
  ['alone', [LINE], [LINE]],
  ['at a terminal', [`a\r\n${LINE.replace('\n', '\r\n')}`], ['a\r\n', LINE.replace('\n', '\r\n')]],
  ['in two pieces', [`a\n${LINE.slice(0, 9)}`, LINE.slice(9)], ['a\n', LINE]],
  ['with output behind it', [`a\n${LINE}b`], ['a\n', `${LINE}b`]],
])('the exit status is sent as one piece: %s', (_name, pieces, expected) => {
  expect(sent(...pieces).map(String)).toEqual(expected);
});

test('what only begins as it does is not held back for long', () => {
  const lines = new StatusLines();
  expect(lines.push(Buffer.from('a\uFFFFb')).map(String)).toEqual(['a\uFFFFb']);
  const long = `\uFFFF heroku-command-exit-status: ${'9'.repeat(100)}`;
  expect(lines.push(Buffer.from(long)).map(String)).toEqual([long]);
});

test('no byte is lost, added or moved, however the output comes', () => {
  const text = fc.array(
    fc.oneof(
      fc.constant(Buffer.from(LINE)),
      fc.constant(Buffer.from([0xef])),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    ),
  );
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), (parts, cuts) => {
      const whole = Buffer.concat(parts);
      expect(Buffer.concat(sent(...cutUp(whole, cuts))).equals(whole)).toBe(true);
    }),
  );
});

test('the whole status is in one piece, however the output comes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 20 })), (before, cuts) => {
      const whole = Buffer.from(`${before}${LINE}`);
      expect(sent(...cutUp(whole, cuts)).some((piece) => piece.includes(Buffer.from(LINE)))).toBe(true);
    }),
  );
});
