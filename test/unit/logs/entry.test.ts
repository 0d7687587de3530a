import { expect, test } from 'vitest';
import { herokuLine, herokuTime } from '../../../src/logs/entry.js';

test('a line looks as on Heroku', () => {
  const at = Date.UTC(2024, 0, 1, 12, 30, 5, 7) + 0.25;
  expect(herokuLine({ at, source: 'app', dyno: 'web.1', line: 'Listening' })).toBe(
    '2024-01-01T12:30:05.007250+00:00 app[web.1]: Listening',
  );
});

test('a time always has six digits after the second', () => {
  expect(herokuTime(Date.UTC(2024, 0, 1))).toBe('2024-01-01T00:00:00.000000+00:00');
  expect(herokuTime(Date.UTC(2024, 0, 1) + 999.9995)).toBe('2024-01-01T00:00:00.999999+00:00');
});
