/** What `check` found, for CI systems. */

import { enumerate } from '../../base/wording.js';
import { explain, formatProblem, type Problem } from '../../procfile/problem.js';
import { formatAnnotation, placeIn } from './github.js';
import type { TestCase, TestSuite } from './junit.js';

/**
 * One test for each file: it fails if the file has an error.
 * @param files those that were checked, even if there is nothing to say about them
 * @param isStrict whether a warning makes it fail, too
 */
export function checkSuite(
  problems: readonly Problem[],
  files: readonly string[],
  isStrict: boolean,
): TestSuite {
  const all = new Set([...files, ...problems.map(({ file }) => file)]);
  const cases = [...all].map((file) => {
    const ofFile = problems.filter((problem) => problem.file === file);
    return checkCase(file, ofFile, isStrict);
  });
  return { name: 'dynosim check', cases };
}

function checkCase(file: string, problems: readonly Problem[], isStrict: boolean): TestCase {
  const isFatal = ({ severity }: Problem): boolean => isStrict || severity === 'error';
  const fatal = problems.filter(isFatal);
  const others = problems.filter((problem) => !isFatal(problem));
  return {
    name: file,
    file,
    ...(fatal.length > 0 && { failure: { message: enumerate(fatal.map(explain)), text: textOf(fatal) } }),
    ...(others.length > 0 && { output: textOf(others) }),
  };
}

function textOf(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

/**
 * A problem as GitHub Actions takes it.
 * @param dir the app's folder
 * @param root the root of the repository
 */
export function problemAnnotation(problem: Problem, dir: string, root: string): string {
  const { severity } = problem;
  return formatAnnotation({ level: severity, ...placeIn(problem, dir, root), message: explain(problem) });
}
