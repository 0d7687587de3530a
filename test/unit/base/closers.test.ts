import { expect, test } from 'vitest';
import { Closers } from '../../../src/base/closers.js';

test('closes in reverse order, one after the other', async () => {
  const closers = new Closers();
  const seen: string[] = [];
  closers.add(() => void seen.push('first'));
  closers.add(async () => {
    await Promise.resolve();
    seen.push('second');
  });
  await closers.close();
  expect(seen).toEqual(['second', 'first']);
});

test('closes once, however often it is asked', async () => {
  const closers = new Closers();
  let times = 0;
  closers.add(() => void times++);
  await Promise.all([closers.close(), closers.close()]);
  expect(times).toBe(1);
});

test('a failure does not stop the other closers, and is reported', async () => {
  const closers = new Closers();
  let closed = false;
  closers.add(() => {
    closed = true;
  });
  closers.add(() => Promise.reject(new Error('stuck')));
  await expect(closers.close()).rejects.toThrow('stuck');
  expect(closed).toBe(true);
});

test('several failures are reported together', async () => {
  const closers = new Closers();
  closers.add(() => Promise.reject(new Error('one')));
  closers.add(() => Promise.reject(new Error('two')));
  await expect(closers.close()).rejects.toMatchObject({ errors: [{ message: 'two' }, { message: 'one' }] });
});
