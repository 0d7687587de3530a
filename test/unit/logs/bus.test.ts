import { describe, expect, test } from 'vitest';
import { LOG_LIMITS } from '../../../src/base/limits.js';
import { LogBus } from '../../../src/logs/bus.js';
import type { LogEntry } from '../../../src/logs/entry.js';

const START = Date.UTC(2024, 0, 1);

function entry(line: string, at = START): LogEntry {
  return { at, source: 'app', dyno: 'web.1', line };
}

function writeNumbers(bus: LogBus, count: number): void {
  for (let number = 0; number < count; number++) bus.write(entry(String(number), START + number));
}

const lines = (entries: readonly LogEntry[]) => entries.map(({ line }) => line);

describe('the newest lines', () => {
  test('come oldest first', () => {
    const bus = new LogBus();
    expect(bus.recent(10)).toEqual([]);
    writeNumbers(bus, 3);
    expect(lines(bus.recent(10))).toEqual(['0', '1', '2']);
    expect(lines(bus.recent(2))).toEqual(['1', '2']);
    expect(bus.recent(0)).toEqual([]);
  });

  test('are kept up to 1500', () => {
    const bus = new LogBus();
    writeNumbers(bus, 2 * LOG_LIMITS.history + 7);
    const kept = lines(bus.recent(10_000));
    expect(kept).toHaveLength(1500);
    expect(kept[0]).toBe('1507');
    expect(kept.at(-1)).toBe('3006');
    expect(lines(bus.recent(2))).toEqual(['3005', '3006']);
  });
});

test('a dyno that prints much pushes out no lines of others; one-off dynos of a type share a history', () => {
  const bus = new LogBus();
  const say = (dyno: string, line: string) => bus.write({ ...entry(line), dyno });
  say('web.1', 'first');
  for (let number = 0; number < 2000; number++) say('worker.1', String(number));
  say('web.1', 'last');
  for (let number = 1000; number < 3000; number++) say(`run.${number}`, 'done');
  const kept = bus.recent(Number.POSITIVE_INFINITY);
  expect(lines(kept).slice(0, 2)).toEqual(['first', '500']);
  expect(lines(kept).indexOf('last')).toBe(1501);
  expect(kept).toHaveLength(2 + 1500 + 1500);
});

test('a message of several lines becomes several entries of one time', () => {
  const bus = new LogBus();
  bus.write({ at: START, source: 'app', dyno: 'api', line: 'Starting process\nelse\n' });
  expect(bus.recent(10)).toEqual(
    ['Starting process', 'else', ''].map((line) => ({ at: START, source: 'app', dyno: 'api', line })),
  );
});

test('what clients and files say steers no terminal in the words of others', () => {
  const bus = new LogBus();
  const remark = { at: START, source: 'dynosim', dyno: 'api', line: 'woken by GET / (\x9b31mRED)' } as const;
  bus.write(remark);
  bus.write({ ...remark, source: 'app', line: 'Starting process with command `\x1b[2J`' });
  bus.write(entry('\x1b[31mred'));
  expect(lines(bus.recent(10))).toEqual([
    'woken by GET / (U+009B31mRED)',
    'Starting process with command `U+001B[2J`',
    '\x1b[31mred',
  ]);
});

test('a subscriber gets every entry at once, until it unsubscribes', () => {
  const bus = new LogBus();
  const heard: string[] = [];
  const unsubscribe = bus.subscribe(({ line }) => heard.push(line));
  writeNumbers(bus, 2);
  unsubscribe();
  bus.write(entry('later'));
  expect(heard).toEqual(['0', '1']);
});
