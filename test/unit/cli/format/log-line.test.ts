import { expect, test } from 'vitest';
import { createLogFormatter, toLogJson } from '../../../../src/cli/format/log-line.js';
import type { LogEntry } from '../../../../src/logs/entry.js';

const ESCAPE = String.fromCharCode(27);
const HEAD = '2026-03-01T13:02:14.230500+00:00';
const entry = (dyno: string, line: string): LogEntry => ({
  at: Date.UTC(2026, 2, 1, 13, 2, 14, 230) + 0.5,
  source: 'app',
  dyno,
  line,
});

test('the head of a line has the color of the dyno’s type', () => {
  const format = createLogFormatter({ color: true, isTerminal: true });
  expect(format(entry('web.1', 'hello: [x]: y'))).toBe(
    `${ESCAPE}[36m${HEAD} app[web.1]:${ESCAPE}[39m hello: [x]: y`,
  );
  expect(format(entry('run.1234', 'x')).startsWith(`${ESCAPE}[33m`)).toBe(true);
});

test('a terminal gets only colors from a dyno, a pipe every byte', () => {
  const line = `${ESCAPE}[2J${ESCAPE}[31mred\r`;
  const format = (isTerminal: boolean) => createLogFormatter({ color: false, isTerminal });
  expect(format(true)(entry('web.1', line))).toBe(`${HEAD} app[web.1]: ${ESCAPE}[31mred\\r${ESCAPE}[0m`);
  expect(format(false)(entry('web.1', line))).toBe(`${HEAD} app[web.1]: ${line}`);
});

test('for programs an entry has four keys', () => {
  expect(toLogJson({ ...entry('web.1', 'x'), part: 'first' })).toEqual({
    time: '2026-03-01T13:02:14.230Z',
    source: 'app',
    dyno: 'web.1',
    line: 'x',
  });
});
