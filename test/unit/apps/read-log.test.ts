import { describe, expect, test } from 'vitest';
import { readLog } from '../../../src/apps/read-log.js';
import type { LogFilter } from '../../../src/apps/requests.js';
import { LogBus } from '../../../src/logs/bus.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { plainText } from '../../../src/logs/terminal-text.js';
import { settle } from '../../helpers/manual-clock.js';

const START = Date.UTC(2024, 0, 1);

function setup() {
  const bus = new LogBus();
  let written = 0;
  const write = (line: string, more: Partial<LogEntry> = {}): void =>
    bus.write({ at: START + written++, source: 'app', dyno: 'web.1', line, ...more });
  /** A reader that records its batches. */
  const follow = (filter: Partial<LogFilter> = {}) => {
    const end = new AbortController();
    const batches: (readonly string[])[] = [];
    const reading = readLog(bus, { lines: 0, tail: true, ...filter }, end.signal);
    const over = (async () => {
      for await (const entries of reading) batches.push(entries.map(({ line }) => line));
    })();
    return { batches, over, end: () => end.abort() };
  };
  return { bus, write, follow };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => String(from + n));

describe('a reader of the log', () => {
  test('gets the latest lines, then those that are written from the call on', async () => {
    const { write, follow } = setup();
    for (const line of numbers(0, 5)) write(line);
    const { batches, over, end } = follow({ lines: 2 });
    write('5');
    await settle();
    write('6');
    end();
    write('too late');
    await over;
    expect(batches).toEqual([['3', '4'], ['5'], ['6']]);
  });

  test('without tail is done with the latest', async () => {
    const { bus, write } = setup();
    write('a');
    const reading = readLog(bus, { lines: 100, tail: false });
    write('b');
    const batches: (readonly LogEntry[])[] = [];
    for await (const batch of reading) batches.push(batch);
    expect(batches.flat().map(({ line }) => line)).toEqual(['a']);
  });

  test('gets only what matches', async () => {
    const { write, follow } = setup();
    const of = (filter: Partial<LogFilter>) => follow({ lines: 10, ...filter });
    const readers = [of({ source: 'heroku' }), of({ dyno: 'web.1' }), of({ type: 'web' }), of({})];
    write('a');
    write('b', { dyno: 'web.10' });
    write('c', { source: 'heroku', dyno: 'router' });
    write('d', { source: 'dynosim', dyno: 'webby.1' });
    for (const { end } of readers) end();
    await Promise.all(readers.map(({ over }) => over));
    expect(readers.map(({ batches }) => batches.flat().join(''))).toEqual(['c', 'a', 'ab', 'abcd']);
  });

  test('that is slow delays no other, loses the oldest lines, and is told how many', async () => {
    const { write, follow, bus } = setup();
    const slow = readLog(bus, { lines: 0, tail: true });
    const quick = follow();
    for (const line of numbers(0, 4000)) write(line);
    await settle();
    for (const line of numbers(4000, 8000)) write(line);
    await settle();
    expect(quick.batches.flat()).toEqual(numbers(0, 8000));
    const [first, ...others] = ((await slow.next()).value as readonly LogEntry[]).map(({ line }) => line);
    expect(first).toBe(
      'Error L11 (Tail buffer overflow) -> This tail session dropped 3000 messages since 2024-01-01T00:00:00.000000+00:00.',
    );
    expect(others).toEqual(numbers(3000, 8000));
    await slow.return(undefined);
    quick.end();
    await quick.over;
  });

  test('that leaves is forgotten, even before it has read', async () => {
    const { bus, write } = setup();
    const listeners = new Set<unknown>();
    const counted = {
      recent: () => [],
      subscribe(listener: (entry: LogEntry) => void) {
        const unsubscribe = bus.subscribe(listener);
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
          unsubscribe();
        };
      },
    };
    const end = new AbortController();
    readLog(counted, { lines: 0, tail: true }, end.signal);
    const reading = readLog(counted, { lines: 0, tail: true });
    write('a');
    await reading.next();
    expect(listeners.size).toBe(2);
    await reading.return(undefined);
    end.abort();
    expect(listeners.size).toBe(0);
  });
});

test.each([
  [{ exclude: ['router', 'worker'] }, ['up', 'R10']],
  [{ since: START + 2 }, ['tick', 'R10']],
])('%j selects %j', async (filter, selected) => {
  const { bus, write } = setup();
  write('\x1b[32mup\x1b[0m');
  write('at=info', { source: 'heroku', dyno: 'router', brief: () => 'GET /a 200' });
  write('tick', { dyno: 'worker.1' });
  write('R10', { source: 'heroku' });
  const batches = readLog(bus, { lines: 100, tail: false, ...filter });
  const found: string[] = [];
  for await (const entries of batches) found.push(...entries.map(({ line }) => plainText(line)));
  expect(found).toEqual(selected);
});
