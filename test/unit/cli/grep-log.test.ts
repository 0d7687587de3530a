import { expect, test } from 'vitest';
import { grepLog } from '../../../src/cli/grep-log.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { plainText } from '../../../src/logs/terminal-text.js';

const SINCE = 1000;

function entry(at: number, line: string, brief?: string): LogEntry {
  return { at, source: 'app', dyno: 'web.1', line, ...(brief !== undefined && { brief: () => brief }) };
}

async function found(
  pattern: RegExp,
  lines: number,
  ...batches: readonly (readonly LogEntry[])[]
): Promise<readonly string[]> {
  async function* read() {
    yield* batches;
  }
  const texts: string[] = [];
  for await (const entries of grepLog(read(), { pattern, lines, since: SINCE }))
    texts.push(...entries.map(({ line }) => plainText(line)));
  return texts;
}

test.each([
  [/GET \/a/, ['at=info']],
  [/^at=/, ['at=info']],
  [/^up$/, ['up']],
  [/H1\d/, []],
])('%s finds %j, in the long or the short form, without colors', async (pattern, texts) => {
  const entries = [entry(1, '\x1b[32mup\x1b[0m'), entry(2, 'at=info', 'GET /a 200'), entry(3, 'tick')];
  expect(await found(pattern, 100, entries)).toEqual(texts);
});

test.each([
  [0, ['d1', 'e1', 'f1']],
  [2, ['b1', 'c1', 'd1', 'e1', 'f1']],
  [100, ['a1', 'b1', 'c1', 'd1', 'e1', 'f1']],
])('of earlier entries, the latest %i that match are found, and all later ones', async (lines, texts) => {
  const earlier = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'].map((line, at) => entry(at, line));
  const later = [entry(SINCE + 1, 'd1'), entry(SINCE + 1, 'd2'), entry(SINCE + 2, 'e1')];
  expect(await found(/1/, lines, [...earlier, ...later], [entry(SINCE + 3, 'f1')])).toEqual(texts);
});
