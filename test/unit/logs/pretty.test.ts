import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../src/logs/entry.js';
import { Pretty } from '../../../src/logs/pretty.js';

const at = new Date(2024, 0, 1, 14, 3, 7).getTime();
const app = (dyno: string, line: string, part?: LogEntry['part']): LogEntry => {
  return { at, source: 'app', dyno, line, part };
};
const heroku = (dyno: string, line: string, brief?: string): LogEntry => {
  return { at, source: 'heroku', dyno, line, brief: brief === undefined ? undefined : () => brief };
};

function plain(...entries: readonly LogEntry[]): readonly string[] {
  const pretty = new Pretty({ color: false });
  const text = entries.map((entry) => pretty.format(entry)).join('');
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

function colored(entry: LogEntry): string {
  return new Pretty({ color: true }).format(entry);
}

test('a row has local time, mark, name and text', () => {
  expect(
    plain(
      app('web.1', 'Listening'),
      heroku('web.1', 'State changed from starting to up'),
      heroku('router', 'at=info method=GET path="/a"', 'GET /a 200 18ms web.1'),
      { at, source: 'dynosim', dyno: 'web.1', line: 'woken by GET /' },
    ),
  ).toEqual([
    '14:03:07   web.1     Listening',
    '14:03:07 · web.1     State changed from starting to up',
    '14:03:07 · router    GET /a 200 18ms web.1',
    '14:03:07 · web.1     dynosim: woken by GET /',
  ]);
});

test.each([
  ['Error R14 (Memory quota exceeded)', '!'],
  ['Error L11 (Tail buffer overflow) -> This tail session dropped 3 messages', '!'],
  ['at=error code=H12 desc="Request timeout"', '!'],
  ['at=info method=GET path="/?x=at=error"', '·'],
  ['State changed from up to crashed', '!'],
  ['State changed from crashed to starting', '·'],
  ['Process exited with status 1', '!'],
  ['Process exited with status 137', '!'],
  ['Process exited with status 0', '·'],
  ['Process exited with status 143', '·'],
])('"%s" is marked %s', (line, mark) => {
  expect(plain(heroku('web.1', line))).toEqual([`14:03:07 ${mark} web.1     ${line}`]);
  expect(colored(heroku('web.1', line)).includes('\x1b[1;31m')).toBe(mark === '!');
});

test('an app that writes the same words is not marked', () => {
  expect(plain(app('web.1', 'Error R14'))).toEqual(['14:03:07   web.1     Error R14']);
});

test('the name column grows with the names, but not for very long ones', () => {
  expect(plain(app('web.1', 'a'), app('scheduler.1234', 'b'), app('web.1', 'c'))).toEqual([
    '14:03:07   web.1     a',
    '14:03:07   scheduler.1234  b',
    '14:03:07   web.1           c',
  ]);
  expect(plain(app(`${'long-'.repeat(10)}.1`, 'a'), app('web.1', 'b'))[1]).toBe('14:03:07   web.1     b');
});

describe('colours', () => {
  const nameColor = (row: string) => /\[(\d+)m[a-z]+\.\d/.exec(row)?.[1];

  test('belong to process types, the known ones as on Heroku', () => {
    const pretty = new Pretty({ color: true });
    const colorOf = (dyno: string) => nameColor(pretty.format(app(dyno, 'a')));
    expect([colorOf('web.1'), colorOf('web.2'), colorOf('run.1234')]).toEqual(['36', '36', '33']);
    const types = ['worker', 'clock', 'css', 'js'].map((type) => colorOf(`${type}.1`));
    expect(new Set(types).size).toBe(types.length);
    expect(types).not.toContain('31');
  });

  test('do not depend on who speaks first', () => {
    const first = new Pretty({ color: true });
    const second = new Pretty({ color: true });
    second.format(app('clock.1', 'a'));
    expect(second.format(app('worker.1', 'a'))).toBe(first.format(app('worker.1', 'a')));
  });

  test('of the app stay and do not run into the next line', () => {
    expect(plain(app('web.1', '\x1b[31mred'))).toEqual(['14:03:07   web.1     \x1b[31mred\x1b[0m']);
    expect(colored(app('web.1', 'a')).endsWith('  a\n')).toBe(true);
  });

  test('are used only when asked for', () => {
    expect(plain(heroku('web.1', 'Error R14 (Memory quota exceeded)')).join()).not.toContain('\x1b');
  });
});

test('a path in a router line cannot steer the terminal', () => {
  expect(plain(heroku('router', 'at=info', 'GET /\x1b[2J\r 200\t1ms'))).toEqual([
    '14:03:07 · router    GET /\ufffd[2J\ufffd 200\t1ms',
  ]);
});

describe('the parts of a line', () => {
  test('share a row', () => {
    expect(
      plain(
        app('web.1', 'Compiling... ', 'first'),
        app('web.1', 'linking... ', 'middle'),
        app('web.1', 'done', 'last'),
      ),
    ).toEqual(['14:03:07   web.1     Compiling... linking... done']);
  });

  test('have rows of their own when something came in between', () => {
    expect(
      plain(app('web.1', 'Compiling... ', 'first'), app('web.2', 'hello'), app('web.1', 'done', 'last')),
    ).toEqual([
      '14:03:07   web.1     Compiling... ',
      '14:03:07   web.2     hello',
      '14:03:07   web.1     done',
    ]);
  });

  test('of a dyno that was restarted do not run into its next line', () => {
    expect(plain(app('web.1', 'Password: ', 'first'), app('web.1', 'hello'))).toEqual([
      '14:03:07   web.1     Password: ',
      '14:03:07   web.1     hello',
    ]);
  });
});

test('a progress bar that goes back to the start of the row finds the columns there', () => {
  expect(plain(app('web.1', '10%\r20%'))).toEqual(['14:03:07   web.1     10%\r14:03:07   web.1     20%']);
});
