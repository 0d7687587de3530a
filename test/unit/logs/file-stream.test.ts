import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileStream } from '../../../src/logs/file-stream.js';
import { makeFolder } from '../../helpers/folder.js';

// With a disk that is full for a while: test/e2e/full-disk.test.ts.
test.skipIf(!existsSync('/dev/full'))(
  'what a full disk does not take is dropped without an error',
  async () => {
    const stream = new FileStream(openSync('/dev/full', 'a'));
    onTestFinished(() => void stream.destroy());
    for (const line of ['a\n', 'b\n'])
      expect(await new Promise((resolve) => stream.write(line, resolve))).not.toBeInstanceOf(Error);
  },
);

test('before each piece, all earlier ones are in the file, and it is not', async () => {
  const fd = openSync(join(makeFolder(), 'log'), 'a');
  const sizes: number[] = [];
  const stream = new FileStream(fd, { beforePiece: () => void sizes.push(fstatSync(fd).size) });
  onTestFinished(() => {
    stream.destroy();
    closeSync(fd);
  });
  const pieces = ['a', 'b', 'c'].map((letter) => `${letter.repeat(99_999)}\n`);
  await Promise.all(pieces.map((piece) => new Promise((resolve) => stream.write(piece, resolve))));
  expect(sizes).toEqual([0, 100_000, 200_000]);
});
