import { describe, expect, test } from 'vitest';
import { LOG_LIMITS } from '../../../src/base/limits.js';
import { BACKLOG_ENTRIES } from '../../../src/logs/backlog.js';
import { LogBus } from '../../../src/logs/bus.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { settle } from '../../helpers/manual-clock.js';

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

test('a message of several lines becomes several entries of one time', () => {
  const bus = new LogBus();
  bus.write({ at: START, source: 'app', dyno: 'api', line: 'Starting process\nelse\n' });
  expect(bus.recent(10)).toEqual(
    ['Starting process', 'else', ''].map((line) => ({ at: START, source: 'app', dyno: 'api', line })),
  );
});

test('a subscriber hears every entry at once, until it unsubscribes', () => {
  const bus = new LogBus();
  const heard: string[] = [];
  const unsubscribe = bus.subscribe(({ line }) => heard.push(line));
  writeNumbers(bus, 2);
  unsubscribe();
  bus.write(entry('later'));
  expect(heard).toEqual(['0', '1']);
});

describe('a follower', () => {
  test('reads from the call on, not from its first read on', async () => {
    const bus = new LogBus();
    const stop = new AbortController();
    bus.write(entry('before'));
    const following = bus.follow(stop.signal)[Symbol.asyncIterator]();
    bus.write(entry('after'));
    expect((await following.next()).value.line).toBe('after');
    const next = following.next();
    await settle();
    bus.write(entry('later'));
    expect((await next).value.line).toBe('later');
    stop.abort();
    expect((await following.next()).done).toBe(true);
  });

  test('ends when its signal aborts while it waits, or has aborted before', async () => {
    const bus = new LogBus();
    const stop = new AbortController();
    const waiting = bus.follow(stop.signal)[Symbol.asyncIterator]().next();
    await settle();
    stop.abort();
    expect((await waiting).done).toBe(true);
    for await (const _ of bus.follow(stop.signal)) expect.unreachable();
  });

  test('reads no further once its signal has aborted', async () => {
    const bus = new LogBus();
    const stop = new AbortController();
    const following = bus.follow(stop.signal);
    writeNumbers(bus, 3);
    const read: string[] = [];
    for await (const { line } of following) {
      read.push(line);
      stop.abort();
    }
    expect(read).toEqual(['0']);
  });

  test('reads what there is when nothing more is written, and is done', async () => {
    const bus = new LogBus();
    const end = new AbortController();
    const following = bus.follow(new AbortController().signal, end.signal);
    writeNumbers(bus, 2);
    end.abort();
    const read: string[] = [];
    for await (const { line } of following) read.push(line);
    expect(read).toEqual(['0', '1']);
  });

  test('that waits is done when nothing more is written', async () => {
    const end = new AbortController();
    const following = new LogBus().follow(new AbortController().signal, end.signal);
    const waiting = following[Symbol.asyncIterator]().next();
    await settle();
    end.abort();
    expect((await waiting).done).toBe(true);
  });

  test('that is slow loses the oldest lines and reads how many', async () => {
    const bus = new LogBus();
    const stop = new AbortController();
    const following = bus.follow(stop.signal);
    writeNumbers(bus, BACKLOG_ENTRIES + 1101);
    const read: LogEntry[] = [];
    for await (const one of following) {
      read.push(one);
      if (one.line === String(BACKLOG_ENTRIES + 1100)) break;
    }
    expect(read).toHaveLength(BACKLOG_ENTRIES + 1);
    expect(read[0]).toEqual({
      at: START + 1101,
      source: 'heroku',
      dyno: 'logplex',
      line: 'Error L11 (Tail buffer overflow) -> This tail session dropped 1101 messages since 2024-01-01T00:00:00.000000+00:00.',
    });
    expect(read[1]?.line).toBe('1101');
  });
});
