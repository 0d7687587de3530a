import { describe, expect, test } from 'vitest';
import { Broadcast } from '../../../src/logs/broadcast.js';
import { LogBus } from '../../../src/logs/bus.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

const START = Date.UTC(2024, 0, 1);

function setup({ matches = (_entry: LogEntry): boolean => true } = {}) {
  const clock = new ManualClock();
  const bus = new LogBus();
  const formatted: string[] = [];
  let subscribers = 0;
  let unread = 0;
  const broadcast = new Broadcast({
    clock,
    subscribe(listener) {
      subscribers += 1;
      const unsubscribe = bus.subscribe(listener);
      return () => {
        subscribers -= 1;
        unsubscribe();
      };
    },
    matches,
    format({ line }) {
      formatted.push(line);
      return `${line}\n`;
    },
    onUnread: () => {
      unread += 1;
    },
  });
  const end = new AbortController();
  let written = 0;
  return {
    clock,
    broadcast,
    formatted,
    end,
    counts: () => ({ subscribers, unread }),
    write: (line: string) => bus.write({ at: START + written++, source: 'app', dyno: 'web.1', line }),
    /** A reader that keeps what it has read, piece by piece. */
    follow() {
      const stop = new AbortController();
      const pieces: string[] = [];
      const following = broadcast.follow(stop.signal, end.signal);
      const over = (async () => {
        for await (const piece of following) pieces.push(piece.toString());
      })();
      return { pieces, over, stop: () => stop.abort() };
    },
  };
}

describe('a reader', () => {
  test('gets what is written from the call on, at once if it has been quiet', async () => {
    const { clock, write, follow } = setup();
    write('before');
    const { pieces } = follow();
    write('one');
    write('two');
    await clock.advance(0);
    expect(pieces).toEqual(['one\ntwo\n']);
  });

  test('gets the rest in pieces while lines keep coming', async () => {
    const { clock, write, follow } = setup();
    const { pieces } = follow();
    for (let n = 0; n < 8; n += 1) {
      write(String(n));
      await clock.advance(30);
    }
    expect(pieces).toEqual(['0\n', '1\n2\n3\n', '4\n5\n6\n']);
    await clock.advance(100);
    expect(pieces.join('')).toBe('0\n1\n2\n3\n4\n5\n6\n7\n');
  });

  test('gets nothing twice that was pending when it came', async () => {
    const { clock, write, follow } = setup();
    const first = follow();
    write('one');
    const second = follow();
    write('two');
    await clock.advance(100);
    expect(first.pieces.join('')).toBe('one\ntwo\n');
    expect(second.pieces.join('')).toBe('two\n');
  });

  test('gets only what matches', async () => {
    const { clock, write, follow, formatted } = setup({ matches: ({ line }) => line.startsWith('a') });
    const { pieces } = follow();
    for (const line of ['a1', 'b', 'a2']) write(line);
    await clock.advance(0);
    expect(pieces).toEqual(['a1\na2\n']);
    expect(formatted).toEqual(['a1', 'a2']);
  });

  test('that is slow loses the oldest lines and reads how many', async () => {
    const { write, follow } = setup();
    const { pieces } = follow();
    for (let n = 0; n < 8000; n += 1) write(String(n));
    await settle();
    const [first = '', ...others] = pieces.join('').trimEnd().split('\n');
    expect(first).toBe(
      'Error L11 (Tail buffer overflow) -> This tail session dropped 3000 messages since 2024-01-01T00:00:00.000000+00:00.',
    );
    expect(others).toEqual(Array.from({ length: 5000 }, (_, index) => String(index + 3000)));
  });

  test('reads what is pending when nothing more is written, and is done', async () => {
    const { write, follow, end } = setup();
    const { pieces, over } = follow();
    write('last');
    end.abort();
    await over;
    expect(pieces).toEqual(['last\n']);
  });

  test('that leaves gets no more', async () => {
    const { clock, write, follow } = setup();
    const { pieces, over, stop } = follow();
    stop();
    write('later');
    await over;
    await clock.advance(1000);
    expect(pieces).toEqual([]);
  });
});

test('each line is put into words once, for however many readers', async () => {
  const { clock, write, follow, formatted, counts } = setup();
  const readers = Array.from({ length: 5 }, follow);
  write('one');
  await clock.advance(0);
  expect(formatted).toEqual(['one']);
  expect(readers.map(({ pieces }) => pieces)).toEqual(Array(5).fill(['one\n']));
  expect(counts()).toEqual({ subscribers: 1, unread: 0 });
});

test('without readers nothing is done, and no timer is left', async () => {
  const { clock, write, follow, formatted, counts } = setup();
  write('unread');
  const readers = [follow(), follow()];
  write('read');
  for (const { stop } of readers) stop();
  write('unread');
  await Promise.all(readers.map(({ over }) => over));
  expect(formatted).toEqual(['read']);
  expect(counts()).toEqual({ subscribers: 0, unread: 1 });
  expect(clock.pending).toBe(0);
});
