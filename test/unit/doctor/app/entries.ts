import type { TestLogEntry } from '../../../../src/testing/test-app.js';

/** A log entry of a moment in ms. */
export function entry(ms: number, source: TestLogEntry['source'], dyno: string, line: string): TestLogEntry {
  return { time: new Date(ms).toISOString(), source, dyno, line };
}
