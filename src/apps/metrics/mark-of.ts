import { shorten } from '../../base/wording.js';
import type { LogEntry } from '../../logs/entry.js';
import type { Mark } from './views.js';

type MarkText = Pick<Mark, 'kind' | 'text'>;

/** What lines of the platform about a dyno mean. */
const OF_DYNO: readonly (readonly [RegExp, (match: RegExpExecArray) => MarkText])[] = [
  [/^Restarting$/, () => ({ kind: 'restart', text: 'restarted' })],
  [/^Cycling$/, () => ({ kind: 'cycle', text: 'cycled' })],
  [/^State changed from (?:up|starting) to crashed$/, () => ({ kind: 'crash', text: 'crashed' })],
  [
    /^Error (R\d+) \((.*?)\)/,
    ([, code, title]) => ({ kind: code as `R${number}`, text: `${code} ${title}` }),
  ],
];

/** What lines about the app as a whole mean. */
const OF_APP: typeof OF_DYNO = [
  [/^Scaled to (.*) by user /, ([, formation = '']) => ({ kind: 'scale', text: formation })],
  [
    /^(En|Dis)able maintenance mode /,
    ([, way]) => ({
      kind: 'maintenance',
      text: `maintenance ${way === 'En' ? 'on' : 'off'}`,
    }),
  ],
];

/** A path with its query may be several kilobytes long, and a thousand marks are kept. */
const LONGEST_PATH = 200;

/** Reads from the app's log what explains a change in its metrics. */
export function markOf({ at, source, dyno, line, router }: LogEntry): Omit<Mark, 'count'> | undefined {
  if (router) {
    const { code, method, path } = router;
    if (code === null) return undefined;
    // `join` makes one flat string: a shortened path would keep the whole one in memory.
    const text = [code, method, shorten(path, LONGEST_PATH)].join(' ');
    return { at, kind: code as `H${number}`, text, dyno: router.dyno };
  }
  const isOfApp = source === 'app' && dyno === 'api';
  if (source !== 'heroku' && !isOfApp) return undefined;
  for (const [pattern, read] of isOfApp ? OF_APP : OF_DYNO) {
    const match = pattern.exec(line);
    if (match) return { at, ...read(match), dyno: isOfApp ? null : dyno };
  }
  return undefined;
}
