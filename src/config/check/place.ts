/** What the checks of commands are given, and what they find. */

import { UserError } from '../../base/errors.js';
import type { Bash } from '../../base/programs.js';
import { namesIn } from '../../base/read.js';
import type { Topic } from '../../procfile/problem.js';
import { type PackageJson, readPackageJson } from '../package-json.js';
import type { Word } from './words.js';

/** Where the commands would run. */
export interface CommandPlace {
  /** The app's folder. */
  readonly dir: string;
  readonly bash: Bash;
  /** The config vars. */
  readonly vars: Pick<ReadonlySet<string>, 'has'>;
}

/** A place, and facts from the app's files. */
export interface SurveyedPlace extends CommandPlace {
  readonly packageJson: PackageJson | undefined;
  /** Whether a dyno may have more programs: a profile script or the variable PATH can change everything. */
  readonly isUnknown: boolean;
}

export function surveyPlace(place: CommandPlace): SurveyedPlace {
  const { dir, vars } = place;
  const hasProfile = namesIn(dir).some((name) => /^\.profile(?:\.d)?$/.test(name));
  try {
    return { ...place, packageJson: readPackageJson(dir), isUnknown: hasProfile || vars.has('PATH') };
  } catch (error) {
    // checkVersions warns about it.
    if (error instanceof UserError) return { ...place, packageJson: undefined, isUnknown: true };
    throw error;
  }
}

/** A part of a command that will not work. */
export interface CommandProblem {
  /** Its index in the command. */
  readonly at: number;
  readonly message: string;
  readonly hint: string;
  readonly topic?: Topic;
}

export function problemAt(
  { at }: Pick<Word, 'at'>,
  message: string,
  hint: string,
  topic?: Topic,
): CommandProblem {
  return { at, message, hint, ...(topic && { topic }) };
}
