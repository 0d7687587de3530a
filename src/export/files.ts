/**
 * Files to write, so that an edited one is noticed: each is signed in its first line, or has its checksum in a signed list.
 */

import { createHash } from 'node:crypto';

export interface ExportFile {
  /** Relative to the folder of the export. */
  readonly path: string;
  readonly text: string;
  /** Whether only its owner may read it. */
  readonly isSecret: boolean;
}

/** How the first line of each file begins. */
export const SIGNATURE = 'Written by dynosim export';

const FIRST_LINE = new RegExp(`^(?:#|<!--) ${SIGNATURE}, checksum ([0-9a-f]{16})\\.`);

/** The file with the app's config vars, in the folder of every export. */
export const CONFIG_FILE = 'config.env';

/**
 * A file with a comment above it.
 * @param about what the file is for, in a sentence
 */
export function signed(path: string, about: string, body: string, isSecret = false): ExportFile {
  const line = `${SIGNATURE}, checksum ${checksum(body)}. ${about}`;
  const comment = path.endsWith('.md') ? `<!-- ${line} -->` : `# ${line}`;
  return { path, text: `${comment}\n${body}`, isSecret };
}

/**
 * Whether a file is as `signed` has made it.
 * @returns false for one that has been edited, or that dynosim has not written
 */
export function isAsWritten(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  const [, sum] = FIRST_LINE.exec(first) ?? [];
  return sum !== undefined && sum === checksum(text.slice(first.length + 1));
}

/** The list of the checksums of files that can have no first line of dynosim's. */
export const CHECKSUMS = 'config/.checksums';

/**
 * Secret files, whose texts are exactly as given, and the list of their checksums. The list is a secret, too: by it, short
 * values could be guessed.
 * @param texts by the files' names in `config/`
 * @returns nothing for no texts
 */
export function listed(texts: ReadonlyMap<string, string>): readonly ExportFile[] {
  if (texts.size === 0) return [];
  const files = Array.from(texts, ([name, text]) => ({ path: `config/${name}`, text, isSecret: true }));
  const list = files.map(({ path, text }) => `${checksum(text)} ${path}\n`).join('');
  return [...files, signed(CHECKSUMS, 'It tells which files in this folder were edited.', list, true)];
}

/**
 * The checksums in the text of a list, by the paths of files.
 * @returns none for a list that has been edited, or that dynosim has not written
 */
export function checksumsIn(list: string): ReadonlyMap<string, string> {
  if (!isAsWritten(list)) return new Map();
  const lines = list.matchAll(/^([0-9a-f]{16}) (config\/[A-Za-z_][\w.-]*)$/gm);
  return new Map(Array.from(lines, ([, sum = '', path = '']) => [path, sum]));
}

export function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
