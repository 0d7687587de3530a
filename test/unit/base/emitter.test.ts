import { expect, test } from 'vitest';
import { Emitter } from '../../../src/base/emitter.js';

test('the next value can be waited for', async () => {
  const emitter = new Emitter<number>();
  const next = emitter.next();
  emitter.emit(1);
  emitter.emit(2);
  expect(await next).toBe(1);
  expect(emitter.size).toBe(0);
});

test('a wait ends when a signal is aborted, now or earlier', async () => {
  const emitter = new Emitter<number>();
  const enough = new AbortController();
  const next = emitter.next(new AbortController().signal, enough.signal);
  enough.abort();
  expect(await next).toBeUndefined();
  expect(await emitter.next(enough.signal)).toBeUndefined();
  expect(emitter.size).toBe(0);
});
