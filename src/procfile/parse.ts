/** Procfile text → what to run, and what is wrong with it. */

import { findDifferences } from './compare/differences.js';
import { linesOf, readLine, type SourceLine } from './lines.js';
import { type Problem, warning } from './problem.js';
import { readText } from './read-text.js';

/** One process type of an app. */
export interface ProcessLine {
  readonly type: string;
  readonly command: string;
  /** Where it is written, from 1; 0 if no line says it. */
  readonly line: number;
}

/** An app's process types in the order in which the file first names them. */
export type Procfile = ReadonlyMap<string, ProcessLine>;

/** The contents of a Procfile. */
export interface ParsedProcfile {
  readonly processes: Procfile;
  /** The line that counts for each process type: its last one. */
  readonly lines: ReadonlyMap<string, SourceLine>;
  /** In the order of the lines. An error if there is nothing to run. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a Procfile: `name: command` on each line, blanks around the command dropped, the last line of a name
 * counts. Whatever it is given it returns; what it cannot use, or what another parser would read differently, is
 * a problem. https://devcenter.heroku.com/articles/procfile
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

/** Prints process types as a Procfile that every parser reads alike; parsing it gives the same types again. */
export function formatProcfile(processes: Iterable<Pick<ProcessLine, 'type' | 'command'>>): string {
  return Array.from(processes, ({ type, command }) => `${type}: ${command}\n`).join('');
}

/** No Procfile comes near this: Heroku's build would be over before it was read. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads a Procfile from disk.
 * @param path where it is
 * @param file what messages call it
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

/** It runs when a release is made, and is no dyno of the formation. */
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
