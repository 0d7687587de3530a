/** Mistakes that spread over several lines and deserve one message: merge conflicts, continued lines, YAML. */

import { isSilent, type Reading, type SourceLine } from '../lines.js';

/** A merge conflict that git left in the file. */
export interface Conflict {
  /** The lines of git's own: `<<<<<<< HEAD`. */
  readonly markers: SourceLine[];
  /** Lines inside it whose name comes again further down. */
  readonly repeated: { readonly line: SourceLine; readonly winner: SourceLine }[];
}

/** A command that seems to go on in the next lines. No parser takes them for a part of it. */
export interface Continuation {
  readonly kind: 'backslash' | 'yaml';
  readonly first: SourceLine;
  /** The part that runs instead of the whole. */
  readonly command: string;
  /** The next lines, which are not run. */
  readonly lost: SourceLine[];
}

/** Begins a conflict if `line` does. */
export function openConflict(line: SourceLine): Conflict | undefined {
  return line.text.startsWith('<<<<<<<') ? { markers: [line], repeated: [] } : undefined;
}

/** Whether a line inside a conflict is git's own. */
export function isMarker(line: SourceLine): boolean {
  return /^(?:<{7}|\|{7}|={7}|>{7})/.test(line.text);
}

/** Whether a marker ends its conflict. */
export function isLastMarker(marker: SourceLine): boolean {
  return marker.text.startsWith('>');
}

/** Begins a continued command if `line`, which dynosim reads as `own`, seems to. */
export function openContinuation(line: SourceLine, own: Reading): Continuation | undefined {
  if (own.does !== 'run') return undefined;
  const isYaml = /^[|>][-+\d]{0,2}$/.test(own.command);
  if (!isYaml && !endsInBackslash(own.command)) return undefined;
  return { kind: isYaml ? 'yaml' : 'backslash', first: line, command: own.command, lost: [] };
}

/** Whether `line` was meant to belong to the command. */
export function isContinued({ kind, first, lost }: Continuation, line: SourceLine, own: Reading): boolean {
  if (own.does === 'run' || isSilent(line.text)) return false;
  if (kind === 'yaml') return /^[ \t]/.test(line.text);
  return lost.length === 0 || endsInBackslash((lost.at(-1) ?? first).text);
}

/** Two backslashes are one that is meant. */
function endsInBackslash(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}
