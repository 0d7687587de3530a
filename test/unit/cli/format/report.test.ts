import { expect, test } from 'vitest';
import { formatReport } from '../../../../src/cli/format/report.js';

const AGENT = `Evil\x9b31mRED ${'x'.repeat(5000)}`;

const format = { heading: (text: string) => text, paint: (_style: string, text: string) => text, width: 80 };
const crashed = {
  at: '2026-03-01T13:02:14.000Z',
  platformAt: '2026-03-01T13:33:14.000Z',
  method: 'GET',
  path: '/',
  client: '127.0.0.1',
  userAgent: 'curl/8.5',
  sleptMs: 1000,
  delayMs: null,
  bootMs: null,
  firstByteMs: null,
  held: 1,
  longestWaitMs: 5400,
};

const EMPTY = { history: [], quota: { hours: 1000, used: 1, left: 900 }, callers: [] };

test('without a wake that got a response, no times are shown', () => {
  const totals = {
    wakes: 1,
    p50Ms: 0,
    p95Ms: 0,
    maxMs: 0,
    hoursUsed: 1,
    hoursSaved: 0,
    projectedMonthHours: 1,
  };
  const text = formatReport({ ...EMPTY, wakes: [crashed], totals }, format).join('\n');
  expect(text).toContain('(crashed)');
  expect(text).not.toContain('Waited');
  expect(text).toContain('Left this month:     900.0 h of 1000.0 h');
});

test('clients neither steer the terminal nor widen a pipe', () => {
  const report = {
    ...EMPTY,
    wakes: [{ ...crashed, userAgent: AGENT, delayMs: 5000, bootMs: 400, firstByteMs: 5400 }],
    totals: {
      wakes: 1,
      p50Ms: 5400,
      p95Ms: 5400,
      maxMs: 5400,
      hoursUsed: 1,
      hoursSaved: 0,
      projectedMonthHours: 720,
    },
    callers: [{ userAgent: AGENT, requests: 1, isRobot: true }],
  };
  const lines = formatReport(report, { ...format, width: Number.POSITIVE_INFINITY });
  expect(Math.max(...lines.map((line) => line.length))).toBe(120);
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  expect(lines.join('')).toContain('1 request   EvilU+009B31mRED');
});
