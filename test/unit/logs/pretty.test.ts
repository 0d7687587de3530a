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
  ['at=info method=GET path="/" dyno=web.1 connect=0ms service=4ms status=200 bytes=2', '·'],
  ['State changed from up to crashed', '!'],
  ['State changed from crashed to starting', '·'],
  ['Process exited with status 1', '!'],
  ['Process exited with status 137', '!'],
  ['Process exited with status 0', '·'],
  ['Process exited with status 143', '·'],
])('"%s" is marked %s', (line, mark) => {
  expect(plain(heroku('web.1', line))).toEqual([`14:03:07 ${mark} web.1     ${line}`]);
  expect(colored(heroku('web.1', line)).includes('\x1b[1m\x1b[31m')).toBe(mark === '!');
});

test('an app that writes the same words is not marked', () => {
  expect(plain(app('web.1', 'Error R14'))).toEqual(['14:03:07   web.1     Error R14']);
});

test('the name column grows with the names, but not for very long ones and for one-off dynos', () => {
  expect(plain(app('web.1', 'a'), app('mail-scheduler.1', 'b'), app('web.1', 'c'))).toEqual([
    '14:03:07   web.1     a',
    '14:03:07   mail-scheduler.1  b',
    '14:03:07   web.1             c',
  ]);
  expect(plain(heroku('release.3212', 'a'), app('web.1', 'b'))).toEqual([
    '14:03:07 · release.3212  a',
    '14:03:07   web.1     b',
  ]);
  expect(plain(app(`${'long-'.repeat(10)}.1`, 'a'), app('web.1', 'b'))[1]).toBe('14:03:07   web.1     b');
});

describe('colors', () => {
  const nameColor = (row: string) => /\[(\d+)m[a-z]+\.\d/.exec(row)?.[1];

  test('belong to process types, the known ones as on Heroku', () => {
    const pretty = new Pretty({ color: true });
    const colorOf = (dyno: string) => nameColor(pretty.format(app(dyno, 'a')));
    expect([colorOf('web.1'), colorOf('web.2'), colorOf('run.1234')]).toEqual(['36', '36', '33']);
    const types = ['worker', 'clock', 'css', 'js'].map((type) => colorOf(`${type}.1`));
    expect(new Set(types).size).toBe(types.length);
    expect(types).not.toContain('31');
  });

  test('do not depend on the order of dynos', () => {
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
    '14:03:07 · router    GET /U+001B[2JU+000D 200\t1ms',
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

describe('a progress bar', () => {
  test('that has ended shows its last state', () => {
    expect(plain(app('web.1', '10%\r20%'))).toEqual(['14:03:07   web.1     20%']);
    expect(plain(app('web.1', '10%\r\x1b[Kdone\r'))).toEqual(['14:03:07   web.1     done']);
  });

  test('that continues rewrites its row, including the head', () => {
    expect(plain(app('web.1', '10 %', 'first'), app('web.1', '\x1b[2K\x1b[1G9 %', 'last'))).toEqual([
      '14:03:07   web.1     10 %\r\x1b[K14:03:07   web.1     9 %',
    ]);
  });
});

test('a request that the app answered with 5xx is marked, and the API speaks as the platform does', () => {
  const line = 'at=info method=GET path="/a" dyno=web.1 connect=0ms service=18ms status=503 bytes=2';
  expect(plain(heroku('router', line, 'GET /a 503 18ms web.1'), app('api', 'Scaled to web@1:Eco'))).toEqual([
    '14:03:07 ! router    GET /a 503 18ms web.1',
    '14:03:07 · api       Scaled to web@1:Eco',
  ]);
});

test('a dyno cannot steer the terminal', () => {
  const pretty = new Pretty({ color: true });
  const text = pretty.format(
    app('web.1', '\x1bc\x1b[2J\x1b[3J\x1b[H\x1b[?1049h\x1b[?25l\x1b]0;title\x07\x07up'),
  );
  expect(text.endsWith('  up\n')).toBe(true);
  // A cleared screen is not an empty line.
  expect(pretty.format(app('web.1', '\x1b[2J\x1b[H'))).toBe('');
});

describe('on a narrow terminal', () => {
  const narrow = (...entries: readonly LogEntry[]) => {
    const pretty = new Pretty({ color: false, columns: () => 45 });
    return entries
      .map((entry) => pretty.format(entry))
      .join('')
      .split('\n')
      .slice(0, -1);
  };

  test('a long line continues below its text', () => {
    expect(
      narrow(app('web.1', 'one two three four five six seven'), heroku('web.1', 'x'.repeat(30))),
    ).toEqual([
      '14:03:07   web.1     one two three four five',
      '                     six seven',
      `14:03:07 · web.1     ${'x'.repeat(24)}`,
      `                     ${'x'.repeat(6)}`,
    ]);
  });

  test('so do the parts of a line', () => {
    const parts = narrow(
      app('web.1', 'Compiling this and that... ', 'first'),
      app('web.1', 'and the other... ', 'middle'),
      app('web.1', 'done', 'last'),
    );
    expect(parts).toEqual([
      '14:03:07   web.1     Compiling this and',
      '                     that... and the other...',
      '                     done',
    ]);
  });

  test('too narrow for columns, it continues below the name, at spaces', () => {
    const pretty = new Pretty({ color: false, columns: () => 40 });
    const parts = [
      app('web.1', 'Compiling this and that... ', 'first'),
      app('web.1', 'and the other... ', 'middle'),
      app('web.1', 'done', 'last'),
    ];
    expect(parts.map((part) => pretty.format(part)).join('')).toBe(
      '14:03:07   web.1     Compiling this and\n  that... and the other... done\n',
    );
  });

  test('too narrow for columns, the terminal breaks the rows', () => {
    const pretty = new Pretty({ color: false, columns: () => 30 });
    expect(pretty.format(app('web.1', 'x'.repeat(50)))).toBe(`14:03:07   web.1     ${'x'.repeat(50)}\n`);
  });
});
