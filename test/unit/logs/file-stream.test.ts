import { existsSync, openSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { FileStream } from '../../../src/logs/file-stream.js';

// With a disk that is full for a while: test/e2e/full-disk.test.ts.
test.skipIf(!existsSync('/dev/full'))(
  'what a full disk does not take is dropped without an error',
  async () => {
    const stream = new FileStream(openSync('/dev/full', 'a'), () => {});
    onTestFinished(() => void stream.destroy());
    for (const line of ['a\n', 'b\n'])
      expect(await new Promise((resolve) => stream.write(line, resolve))).not.toBeInstanceOf(Error);
  },
);
