import type { LogEntry } from '../logs/entry.js';
import { plainText } from '../logs/terminal-text.js';

/** How `logs` searches. */
export interface LogSearch {
  readonly pattern: RegExp;
  /** How many of the latest matching entries to begin with. */
  readonly lines: number;
  /** When the search began: wall-clock ms. Entries that come later are all of interest. */
  readonly since: number;
}

/**
 * Finds log entries by their text, here and not in the host: a pattern that takes very long must not stop the router and
 * the apps.
 * @param batches entries, all earlier ones in the first batch
 */
export async function* grepLog(
  batches: AsyncIterable<readonly LogEntry[]>,
  { pattern, lines, since }: LogSearch,
): AsyncGenerator<readonly LogEntry[]> {
  for await (const entries of batches) {
    const found = entries.filter((entry) => textsOf(entry).some((text) => pattern.test(text)));
    const later = found.filter(({ at }) => at > since);
    const earlier = found.length - later.length;
    yield [...found.slice(Math.max(0, earlier - lines), earlier), ...later];
  }
}

/** The texts in which people find a line: as `heroku logs` shows it, and as a terminal does. Colors are no text. */
function textsOf({ line, brief }: LogEntry): readonly string[] {
  return [plainText(line), ...(brief ? [brief()] : [])];
}
