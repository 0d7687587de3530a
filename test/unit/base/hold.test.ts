import { expect, test } from 'vitest';
import { Hold } from '../../../src/base/hold.js';

test('without a debugger, a deadline that is due ends', () => {
  expect(new Hold().more(false, 30_000)).toBeUndefined();
});

test('a debugger holds it up, and when it leaves, the deadline begins anew', () => {
  const hold = new Hold();
  const more = [true, true, false, false].map((isDebugged) => hold.more(isDebugged, 30_000));
  expect(more).toEqual([1000, 1000, 30_000, undefined]);
});
