import { expect, test } from 'vitest';
import { LogBus } from '../../../src/logs/bus.js';
import { LogRecord } from '../../../src/testing/log-record.js';

test('of a flood of lines the newest are kept, and all that the platform says', () => {
  const bus = new LogBus();
  const record = new LogRecord(bus);
  bus.write({ at: 0, source: 'heroku', dyno: 'web.1', line: 'Starting process' });
  for (let line = 0; line < 250_000; line += 1)
    bus.write({ at: 0, source: 'app', dyno: 'web.1', line: String(line) });
  const lines = record.entries.map(({ line }) => line);
  expect(lines[0]).toBe('Starting process');
  expect(lines.at(-1)).toBe('249999');
  expect(lines.at(-100_000)).toBe('150000');
  expect(lines.length).toBeLessThan(200_001);
});
