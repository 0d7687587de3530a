import { AppFiles, type AppPlace, UnusableProcfile } from '../../apps/app-files.js';
import type { Clock } from '../../base/clock.js';
import { firstProblems, formatProblem, type Problem } from '../../procfile/problem.js';
import { folded } from '../output.js';

/**
 * Reads the files of an app. Prints the warnings about an unusable Procfile before the error, because they name the cause.
 * @throws UserError as `AppFiles`
 */
export function readAppFiles(place: AppPlace, clock: Clock): AppFiles {
  try {
    return new AppFiles(place, { clock, shell: process.env });
  } catch (error) {
    if (error instanceof UnusableProcfile) process.stderr.write(folded(warningsOf(error.warnings)));
    throw error;
  }
}

/** Warnings for stderr, a line each. */
export function warningsOf(problems: readonly Problem[]): string {
  const { shown, more } = firstProblems(problems);
  const rest = more > 0 ? [`… and ${more} more: dynosim check shows all`] : [];
  return [...shown.map(formatProblem), ...rest].map((line) => `${line}\n`).join('');
}
