/** Files to write, each signed in its first line, so that an edited one is noticed. */

import { createHash } from 'node:crypto';

export interface ExportFile {
  /** Relative to the folder of the export. */
  readonly path: string;
  readonly text: string;
  /** Whether only its owner may read it. */
  readonly isSecret: boolean;
}

/**
 * A file with a comment above it.
 * @param about what the file is for, in a sentence
 */
export function signed(path: string, about: string, body: string, isSecret = false): ExportFile {
  const line = `Written by dynosim export, checksum ${checksum(body)}. ${about}`;
  const comment = path.endsWith('.md') ? `<!-- ${line} -->` : `# ${line}`;
  return { path, text: `${comment}\n${body}`, isSecret };
}

/**
 * Whether a file is as `signed` has made it.
 * @returns false for one that has been edited, or that dynosim has not written
 */
export function isAsWritten(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  const [, sum] = /^(?:#|<!--) Written by dynosim export, checksum ([0-9a-f]{16})\./.exec(first) ?? [];
  return sum !== undefined && sum === checksum(text.slice(first.length + 1));
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
