/** Parses a Procfile: its process types and its problems. */

import { findDifferences } from './compare/differences.js';
import { linesOf, readLine, type SourceLine } from './lines.js';
import { type Problem, warning } from './problem.js';
import { readText } from './read-text.js';

export interface ProcessLine {
  readonly type: string;
  readonly command: string;
  /** Its line in the Procfile, from 1; 0 without one. */
  readonly line: number;
}

/** An app's process types in the order in which the file first names them. */
export type Procfile = ReadonlyMap<string, ProcessLine>;

export interface ParsedProcfile {
  readonly processes: Procfile;
  /** The line that counts for each process type: the last one. */
  readonly lines: ReadonlyMap<string, SourceLine>;
  /** In the order of the lines. An error if there is nothing to run. */
  readonly problems: readonly Problem[];
}

/**
 * Parses a Procfile: `name: command` on each line, without spaces around the command; the last line of a name counts.
 * Never throws: invalid lines, and lines that other parsers read differently, become problems.
 * https://devcenter.heroku.com/articles/procfile
 * @param file the file's name in the problems
 */
export function parseProcfile(text: string, file = 'Procfile'): ParsedProcfile {
  const processes = new Map<string, ProcessLine>();
  const lines = new Map<string, SourceLine>();
  for (const line of linesOf(text)) {
    const reading = readLine(line.text);
    if (reading.does !== 'run') continue;
    const { type, command } = reading;
    processes.set(type, { type, command, line: line.number });
    lines.set(type, line);
  }
  const problems = findDifferences(text, file, lines);
  if (processes.size === 0) return { processes, lines, problems: [...problems, nothingToRun(text, file)] };
  return { processes, lines, problems: [...problems, ...onlyRelease(processes, file)] };
}

/** Formats process types as a Procfile that all parsers read alike. Parsing it returns the same types. */
export function formatProcfile(processes: Iterable<Pick<ProcessLine, 'type' | 'command'>>): string {
  return Array.from(processes, ({ type, command }) => `${type}: ${command}\n`).join('');
}

/** Far larger than any Procfile. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads a Procfile from disk.
 * @param path its path
 * @param file its name in messages
 * @throws UserError `PROCFILE_MISSING`, `PROCFILE_UNREADABLE`, `PROCFILE_TOO_BIG`, `PROCFILE_NOT_TEXT`
 */
export function readProcfile(path: string, file = 'Procfile'): ParsedProcfile {
  const { text, problems } = readText(path, {
    code: 'PROCFILE',
    file,
    maxBytes: MAX_BYTES,
    example: 'web: node server.js',
  });
  const parsed = parseProcfile(text, file);
  return { ...parsed, problems: [...problems, ...parsed.problems] };
}

/** Runs when a release is made, and is not a dyno of the formation. */
function onlyRelease(processes: Procfile, file: string): readonly Problem[] {
  const [only, other] = processes.values();
  if (only?.type !== 'release' || other !== undefined) return [];
  const message = 'The only process type is `release`, which runs before the dynos: no dyno runs.';
  return [warning(file, message, 'Add a line for one, for example: web: node server.js', only.line)];
}

function nothingToRun(text: string, file: string): Problem {
  const isEmpty = text.trim() === '';
  return {
    severity: 'error',
    file,
    line: isEmpty ? 0 : 1,
    column: 0,
    message: isEmpty ? 'The file is empty: there is nothing to run.' : 'No line of this file can be run.',
    hint: 'Write one process type per line, for example: web: node server.js',
  };
}
