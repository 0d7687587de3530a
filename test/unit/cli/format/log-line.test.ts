import { expect, test } from 'vitest';
import { createLogFormatter } from '../../../../src/cli/format/log-line.js';
import { type LogEntry, toLogJson } from '../../../../src/logs/entry.js';

const ESCAPE = String.fromCharCode(27);
const HEAD = '2026-03-01T13:02:14.230500+00:00';
const entry = (dyno: string, line: string): LogEntry => ({
  at: Date.UTC(2026, 2, 1, 13, 2, 14, 230) + 0.5,
  source: 'app',
  dyno,
  line,
});

test('the head of a line has the color of the dyno’s type', () => {
  const format = createLogFormatter({ format: 'heroku', color: true, columns: () => 80 });
  expect(format(entry('web.1', 'hello: [x]: y'))).toBe(
    `${ESCAPE}[36m${HEAD} app[web.1]:${ESCAPE}[39m hello: [x]: y\n`,
  );
  expect(format(entry('run.1234', 'x')).startsWith(`${ESCAPE}[33m`)).toBe(true);
});

test('a terminal gets only colors from a dyno, a pipe every byte', () => {
  const line = `${ESCAPE}[2J${ESCAPE}[31mred\r`;
  const format = (isTerminal: boolean) =>
    createLogFormatter({ format: 'heroku', color: false, columns: isTerminal ? () => 80 : undefined });
  expect(format(true)(entry('web.1', line))).toBe(`${HEAD} app[web.1]: ${ESCAPE}[31mred\\r${ESCAPE}[0m\n`);
  expect(format(false)(entry('web.1', line))).toBe(`${HEAD} app[web.1]: ${line}\n`);
});

test('for programs an entry has four keys', () => {
  expect(toLogJson({ ...entry('web.1', 'x'), part: 'first' })).toEqual({
    time: '2026-03-01T13:02:14.230Z',
    source: 'app',
    dyno: 'web.1',
    line: 'x',
  });
});

test('the short form has a row for each part of a line, as other parts may be missing', () => {
  const format = createLogFormatter({ format: 'pretty', color: false, columns: () => 80 });
  const parts = (['first', 'last'] as const).map((part) => format({ ...entry('web.1', part), part }));
  expect(parts.join('')).toMatch(/^[\d:]{8} {3}web\.1 +first\n[\d:]{8} {3}web\.1 +last\n$/);
});

test('json is an object per line', () => {
  const format = createLogFormatter({ format: 'json', color: true, columns: undefined });
  expect(JSON.parse(format(entry('web.1', 'x')))).toEqual(toLogJson(entry('web.1', 'x')));
});
