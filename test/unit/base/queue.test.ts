import { describe, expect, test } from 'vitest';
import { Queue } from '../../../src/base/queue.js';
import { settle } from '../../helpers/manual-clock.js';

function filled(capacity: number, count: number): Queue<number> {
  const queue = new Queue<number>(capacity);
  for (let n = 0; n < count; n += 1) queue.push(n);
  return queue;
}

describe('a queue', () => {
  test('keeps items in their order', () => {
    const queue = filled(3, 3);
    expect(queue.isFull).toBe(true);
    expect(queue.peek()).toBe(0);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([0, 1, 2, undefined]);
    expect(queue.size).toBe(0);
    expect(queue.takeLoss()).toBeUndefined();
  });

  test('that is full drops the oldest, and reports how many and the first one', () => {
    const queue = filled(3, 3);
    expect(queue.push(3)).toBe(true);
    expect(queue.push(4)).toBe(true);
    expect(queue.takeLoss()).toEqual({ count: 2, first: 0 });
    expect(queue.takeLoss()).toBeUndefined();
    expect(queue.takeAll()).toEqual([2, 3, 4]);
    expect(queue.push(5)).toBe(false);
    expect(queue.takeAll()).toEqual([5]);
    expect(queue.takeAll()).toEqual([]);
  });

  test('goes round and round', () => {
    const queue = new Queue<number>(3);
    for (let n = 0; n < 20; n += 1) {
      queue.push(n);
      if (n > 0) expect(queue.shift()).toBe(n - 1);
      expect(queue.peek()).toBe(n);
    }
    expect(queue.takeAll()).toEqual([19]);
  });

  test('serves as a history, whose items stay', () => {
    const queue = filled(3, 5);
    expect(queue.pushed).toBe(5);
    expect(queue.since(0)).toEqual([2, 3, 4]);
    expect(queue.since(4)).toEqual([4]);
    expect(queue.since(5)).toEqual([]);
    expect(queue.size).toBe(3);
  });
});

describe('its batches', () => {
  const read = (queue: Queue<number>, ...enough: readonly AbortSignal[]) => {
    const batches: (readonly number[])[] = [];
    const over = (async () => {
      for await (const batch of queue.batches(...enough)) batches.push(batch);
    })();
    return { batches, over };
  };

  test('come as items do, those of one moment together', async () => {
    const queue = filled(10, 2);
    const { batches, over } = read(queue);
    await settle();
    queue.push(2);
    await settle();
    queue.push(3);
    queue.push(4);
    queue.end();
    await over;
    expect(batches).toEqual([[0, 1], [2], [3, 4]]);
  });

  test('end at once when a signal is aborted', async () => {
    const enough = new AbortController();
    const queue = new Queue<number>(10);
    const { batches, over } = read(queue, new AbortController().signal, enough.signal);
    await settle();
    enough.abort();
    queue.push(1);
    await over;
    expect(batches).toEqual([]);
  });

  test('of a reader that stalls cost no more than the capacity', async () => {
    const queue = filled(10, 1);
    const reader = queue.batches();
    expect((await reader.next()).value).toEqual([0]);
    for (let n = 1; n < 1000; n += 1) queue.push(n);
    expect(queue.takeLoss()).toEqual({ count: 989, first: 1 });
    expect((await reader.next()).value).toEqual(Array.from({ length: 10 }, (_, n) => n + 990));
  });
});
