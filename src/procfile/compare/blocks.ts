/** Mistakes that span several lines and get one message: merge conflicts, continued lines, YAML. */

import { isSilent, type Reading, type SourceLine } from '../lines.js';

/** An unresolved merge conflict. */
export interface Conflict {
  /** git's own lines: `<<<<<<< HEAD`. */
  readonly markers: SourceLine[];
  /** Lines inside the conflict whose name appears again below. */
  readonly repeated: { readonly line: SourceLine; readonly winner: SourceLine }[];
}

/** A command that seems to continue on the next lines. No parser supports that. */
export interface Continuation {
  readonly kind: 'backslash' | 'yaml';
  readonly first: SourceLine;
  /** The part that runs. */
  readonly command: string;
  /** The next lines, which do not run. */
  readonly lost: SourceLine[];
}

/** Begins a conflict if `line` does. */
export function openConflict(line: SourceLine): Conflict | undefined {
  return line.text.startsWith('<<<<<<<') ? { markers: [line], repeated: [] } : undefined;
}

/** Whether git wrote a line in a conflict. */
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

/** A pair of backslashes is one literal backslash. */
function endsInBackslash(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}
