import { UserError } from '../../base/errors.js';

interface KeyRow {
  /** What follows the key: `[dyno]` may be left out; anything else is an example. */
  readonly takes?: string;
  /** What it does, for the help, `h` and README.md. */
  readonly does: string;
}

/** The keys that `start` obeys at a terminal, each followed by Enter, in the order of the help. */
const KEYS = {
  h: { does: 'show these keys' },
  u: { does: "show the app's URL, and when it sleeps next" },
  o: { does: 'open the app in the browser' },
  d: { does: 'open the dashboard in the browser' },
  c: { does: 'clear the screen' },
  p: { does: 'list the dynos' },
  r: { takes: '[dyno]', does: 'restart all dynos, those of a type, or one' },
  s: { does: 'put the app to sleep' },
  w: { does: 'wake the app' },
  t: { takes: '31m', does: 'move platform time forward' },
  '+': { takes: 'web', does: 'run one more dyno of a type' },
  '-': { takes: 'worker', does: 'run one dyno fewer of a type' },
  l: { takes: '[dyno]', does: 'show only the log of a dyno or a type; "l" alone shows all again' },
  m: { does: 'switch maintenance mode on or off' },
  q: { does: 'stop the app, as Ctrl-C does' },
} as const satisfies Record<string, KeyRow>;

export type Key = keyof typeof KEYS;

/** What was typed: a key, and the word that follows it or ''. */
export interface Typed {
  readonly key: Key;
  readonly word: string;
}

/** A row for each key: `r [dyno]`, and what it does. */
export function keyRows(): readonly (readonly [string, string])[] {
  return Object.entries(KEYS).map(([key, row]: [string, KeyRow]) => [
    row.takes === undefined ? key : `${key} ${row.takes}`,
    row.does,
  ]);
}

/** The keys as lines of text, for people. */
export function describeKeys(): readonly string[] {
  const rows = keyRows();
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return rows.map(([typed, does]) => `  ${typed.padEnd(width)}  ${does}`);
}

/**
 * Reads a line that was typed: `r web.1`, `+web`.
 * @returns undefined for an empty line
 * @throws UserError `UNKNOWN_KEY`, `BAD_KEY`
 */
export function parseTyped(line: string): Typed | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  const [, key = '', word = ''] = /^([+-]|\S+)\s*(.*)$/.exec(text) ?? [];
  if (!isKey(key)) throw new UserError('UNKNOWN_KEY', `There is no key "${text}"`, 'h shows all keys.');
  const { takes }: KeyRow = KEYS[key];
  if (takes === undefined && word !== '')
    throw new UserError('BAD_KEY', `${key} takes no "${word}"`, 'h shows all keys.');
  if (/\s/.test(word))
    throw new UserError('BAD_KEY', `${key} takes one word, not "${word}"`, 'h shows all keys.');
  if (takes !== undefined && !takes.startsWith('[') && word === '')
    throw new UserError('BAD_KEY', `"${key}" is incomplete`, `Type, for example: ${key} ${takes}`);
  return { key, word };
}

function isKey(text: string): text is Key {
  return Object.hasOwn(KEYS, text);
}
