import { expect, test } from 'vitest';
import { httpFraming, syslogFraming } from '../../../../src/logs/drains/frame.js';
import type { LogEntry } from '../../../../src/logs/entry.js';

const TOKEN = 'd.fc6b856b-3332-4546-93de-7d0ee272c3bd';

function entry(line: string, changes: Partial<LogEntry> = {}): LogEntry {
  return { at: Date.UTC(2024, 0, 1), source: 'app', dyno: 'web.1', line, ...changes };
}

test('a frame of Heroku comes out byte by byte, its count included', () => {
  const line =
    'source=web.1 dyno=heroku.261104379.cd817c77-4f8e-4e68-b42a-3dea4e04d99c sample#load_avg_1m=0.00 sample#load_avg_5m=0.00 sample#load_avg_15m=0.01';
  const at = Date.UTC(2022, 11, 5, 9, 51, 4, 778) + 0.759;
  expect(httpFraming(entry(line, { at, source: 'heroku' }))).toBe(
    `205 <134>1 2022-12-05T09:51:04.778759+00:00 host heroku web.1 - ${line}\n`,
  );
});

test('syslog has the drain’s token as host, and no structured data', () => {
  expect(syslogFraming(TOKEN)(entry('Hello'))).toBe(
    `99 <190>1 2024-01-01T00:00:00.000000+00:00 ${TOKEN} app web.1 - - Hello\n`,
  );
});

test.each([
  ['Grüße, 世界 🚂', 'of several bytes per character'],
  ['', 'without text'],
  ['a\rb\tc\0d', 'with control characters'],
  ['\ud83d', 'with half a character'],
])('the count is in bytes: %j', (line) => {
  const frame = Buffer.from(httpFraming(entry(line)));
  const [count = ''] = frame.toString().split(' ', 1);
  expect(frame.length).toBe(count.length + 1 + Number(count));
  expect(frame.toString().endsWith(` web.1 - ${Buffer.from(line)}\n`)).toBe(true);
});

test('the priority depends on the source', () => {
  const speakers = [
    ['app', 'web.1'],
    ['app', 'run.1234'],
    ['app', 'router.1'],
    ['app', 'api'],
    ['heroku', 'web.1'],
    ['heroku', 'router'],
    ['heroku', 'logplex'],
  ] as const;
  const priorities = speakers.map(([source, dyno]) => {
    const [, priority] = /<(\d+)>/.exec(httpFraming(entry('', { source, dyno }))) ?? [];
    return `${source}[${dyno}] ${priority}`;
  });
  expect(priorities).toEqual([
    'app[web.1] 190',
    'app[run.1234] 190',
    'app[router.1] 190',
    'app[api] 134',
    'heroku[web.1] 134',
    'heroku[router] 158',
    'heroku[logplex] 172',
  ]);
});
