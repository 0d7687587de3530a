import { describe, expect, test } from 'vitest';
import { checkSchedule, nextDue, type Schedule } from '../../../../src/addons/scheduler/schedule.js';

function next(schedule: Schedule, after: string): string {
  return new Date(nextDue(schedule, Date.parse(after))).toISOString();
}

describe('when a job is due next', () => {
  test.each<readonly [Schedule, string, string]>([
    [{ every: '10m', at: null }, '2026-11-29T10:00:00.000Z', '2026-11-29T10:10:00.000Z'],
    [{ every: '10m', at: null }, '2026-11-29T10:09:59.999Z', '2026-11-29T10:10:00.000Z'],
    [{ every: '10m', at: null }, '2026-12-31T23:55:00.000Z', '2027-01-01T00:00:00.000Z'],
    [{ every: 'hourly', at: '30' }, '2026-11-29T10:29:59.000Z', '2026-11-29T10:30:00.000Z'],
    [{ every: 'hourly', at: '30' }, '2026-11-29T10:30:00.000Z', '2026-11-29T11:30:00.000Z'],
    [{ every: 'hourly', at: '00' }, '2026-02-28T23:10:00.000Z', '2026-03-01T00:00:00.000Z'],
    [{ every: 'daily', at: '02:30' }, '2026-11-29T02:29:00.000Z', '2026-11-29T02:30:00.000Z'],
    [{ every: 'daily', at: '02:30' }, '2026-11-29T02:30:00.000Z', '2026-11-30T02:30:00.000Z'],
    [{ every: 'daily', at: '23:59' }, '2024-02-28T23:59:00.001Z', '2024-02-29T23:59:00.000Z'],
    [{ every: 'daily', at: '00:00' }, '2026-01-31T12:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    // Both are days on which clocks are set in Europe: in UTC they have 24 hours.
    [{ every: 'daily', at: '02:30' }, '2026-03-28T12:00:00.000Z', '2026-03-29T02:30:00.000Z'],
    [{ every: 'daily', at: '02:30' }, '2026-10-25T02:30:00.000Z', '2026-10-26T02:30:00.000Z'],
  ])('%o after %s: %s', (schedule, after, due) => {
    expect(next(schedule, after)).toBe(due);
  });
});

test.each([
  [
    { every: '10m', at: null },
    { every: '10m', at: null },
  ],
  [
    { every: 'hourly', at: '5' },
    { every: 'hourly', at: '05' },
  ],
  [
    { every: 'hourly', at: ':30' },
    { every: 'hourly', at: '30' },
  ],
  [
    { every: 'daily', at: '2:30' },
    { every: 'daily', at: '02:30' },
  ],
])('%o is a schedule', (wanted, schedule) => {
  expect(checkSchedule(wanted)).toEqual(schedule);
});

test.each([
  { every: '5m', at: null },
  { every: '10m', at: '30' },
  { every: 'hourly', at: null },
  { every: 'hourly', at: '60' },
  { every: 'hourly', at: '1:30' },
  { every: 'daily', at: '24:00' },
  { every: 'daily', at: '12' },
  { every: 'weekly', at: '12:00' },
])('%o is none', (wanted) => {
  expect(() => checkSchedule(wanted)).toThrow('three kinds of schedules');
});
