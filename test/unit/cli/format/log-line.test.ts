import { expect, test } from 'vitest';
import { createLogPainter } from '../../../../src/cli/format/log-line.js';

const ESCAPE = String.fromCharCode(27);
const colorOf = (line: string): string | undefined => new RegExp(`^${ESCAPE}\\[(\\d+)m`).exec(line)?.[1];

test('a line’s head is coloured by the type of the dyno, as Heroku’s CLI does', () => {
  const paint = createLogPainter();
  const head = '2026-03-01T13:02:14.230112+00:00 app[web.1]:';
  expect(paint(`${head} hello: [x]: y`)).toBe(`${ESCAPE}[36m${head}${ESCAPE}[39m hello: [x]: y`);
  expect(colorOf(paint('t heroku[router]: at=info'))).toBe('32');
  expect(colorOf(paint('t app[run.1234]: x'))).toBe('33');
  // Names of no fixed colour get the next one in turn, and keep it.
  const jobs = colorOf(paint('t app[jobs.1]: x'));
  expect(colorOf(paint('t app[mail-out.2]: x'))).not.toBe(jobs);
  expect(colorOf(paint('t heroku[jobs.7]: x'))).toBe(jobs);
});

test('what is no line of a log stays as it is', () => {
  expect(createLogPainter()('just text')).toBe('just text');
});
