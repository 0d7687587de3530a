/** The process types of a slug: what its Procfile declares, and what its buildpack adds. */

import { join } from 'node:path';
import { UserError } from '../base/errors.js';
import { DEFAULT_PROCFILE } from '../config/resolve-procfile.js';
import { type ParsedProcfile, type Procfile, readProcfile } from '../procfile/parse.js';
import { firstProblems, formatProblem, problemOf } from '../procfile/problem.js';
import { details, heading, ownWarning } from './lines.js';

/**
 * Finds the process types, and tells of them.
 * @param defaults the buildpack's, by their names
 */
export function discoverProcessTypes(
  dir: string,
  defaults: Readonly<Record<string, string>>,
  print: (text: string) => void,
): Procfile {
  const { processes, problems } = readDeclared(dir);
  const added = Object.entries(defaults).filter(([type]) => !processes.has(type));
  print(heading('Discovering process types'));
  const declared = [...processes.keys()].sort().join(', ') || '(none)';
  const column = added.length > 0 ? 27 : 0;
  print(details(`${'Procfile declares types'.padEnd(column)} -> ${declared}`));
  if (added.length > 0) {
    const names = added.map(([type]) => type).sort();
    print(details(`Default types for buildpack -> ${names.join(', ')}`));
  }
  for (const problem of firstProblems(problems).shown) print(ownWarning(formatProblem(problem)));
  return new Map([
    ...processes,
    ...added.map(([type, command]) => [type, { type, command, line: 0 }] as const),
  ]);
}

/** A Procfile that cannot be used declares nothing, and so does none. */
function readDeclared(dir: string): Pick<ParsedProcfile, 'processes' | 'problems'> {
  try {
    return readProcfile(join(dir, DEFAULT_PROCFILE));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isMissing = error.code === 'PROCFILE_MISSING';
    return { processes: new Map(), problems: isMissing ? [] : [problemOf(error, DEFAULT_PROCFILE, 'error')] };
  }
}
