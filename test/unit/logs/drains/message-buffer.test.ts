import { expect, test } from 'vitest';
import { MessageBuffer } from '../../../../src/logs/drains/message-buffer.js';

const message = (n: number) => ({ at: 0, source: 'app', dyno: 'web.1', line: String(n) }) as const;

test('keeps the newest 1024 messages, in their order', () => {
  const buffer = new MessageBuffer();
  const dropped = Array.from({ length: 1500 }, (_, n) => buffer.push(message(n))).filter(Boolean);
  expect(dropped.length).toBe(1500 - 1024);
  expect(buffer.isFull).toBe(true);
  const lines: string[] = [];
  for (let entry = buffer.shift(); entry; entry = buffer.shift()) lines.push(entry.line);
  expect(lines).toEqual(Array.from({ length: 1024 }, (_, n) => String(n + 1500 - 1024)));
  expect(buffer.size).toBe(0);
});

test('goes round and round', () => {
  const buffer = new MessageBuffer();
  for (let n = 0; n < 5000; n += 1) {
    expect(buffer.push(message(n))).toBe(false);
    expect(buffer.peek()?.line).toBe(String(n));
    expect(buffer.shift()?.line).toBe(String(n));
  }
  expect(buffer.shift()).toBeUndefined();
});
