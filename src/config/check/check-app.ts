/** All that is wrong with an app's files before it starts. */

import { UserError } from '../../base/errors.js';
import type { ProcessLine } from '../../procfile/parse.js';
import { explain, type Problem, problemOf } from '../../procfile/problem.js';
import { DEFAULT_ENV_FILE, readEnvFiles } from '../env-file.js';
import { DEFAULT_PROCFILE, resolveProcfile } from '../resolve-procfile.js';
import { type Bash, findCommandProblems, type Place } from './commands.js';
import { checkVersions, type VersionOf } from './versions.js';

/** What `check` finds. */
export interface CheckReport {
  /** In the file's order; a type that several lines name is listed once. */
  readonly processes: readonly ProcessLine[];
  /** Of the Procfile, its commands, the env files, the version files, in this order. */
  readonly problems: readonly Problem[];
}

export interface CheckOptions {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to it; `Procfile` if left out. */
  readonly procfile?: string;
  /** Relative to it; `.env` if left out. */
  readonly envFiles?: readonly string[];
  readonly versionOf: VersionOf;
  readonly bash: Bash;
}

/** Reads all that `start` would read. What would keep the app from starting is an error in the report, never thrown. */
export async function checkApp({
  dir,
  procfile,
  envFiles = [],
  versionOf,
  bash,
}: CheckOptions): Promise<CheckReport> {
  const ofEnvFiles = (envFiles.length === 0 ? [undefined] : envFiles).map((name) => checkEnvFile(dir, name));
  const setsPath = ofEnvFiles.some((file) => file.setsPath);
  const { processes, problems } = checkProcfile({ dir, bash, setsPath }, procfile);
  const ofVersions = await checkVersions(dir, versionOf);
  return {
    processes,
    problems: [...problems, ...ofEnvFiles.flatMap((file) => file.problems), ...ofVersions],
  };
}

/** Whether `check` fails. */
export function hasErrors({ problems }: Pick<CheckReport, 'problems'>): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** The report as `check --json` prints it. */
export function toJson({ processes, problems }: CheckReport): object {
  return {
    processes: processes.map(({ type, command, line }) => ({ type, command, line })),
    problems: problems.map((problem) => {
      const { severity, file, line } = problem;
      return { severity, file, line, message: explain(problem) };
    }),
  };
}

function checkProcfile(place: Place, file: string = DEFAULT_PROCFILE): CheckReport {
  try {
    const { processes, lines, problems } = resolveProcfile(place.dir, file);
    const ofCommands = findCommandProblems(lines.values(), file, place);
    return { processes: [...processes.values()], problems: [...problems, ...ofCommands] };
  } catch (error) {
    return { processes: [], problems: [problemFrom(error, file)] };
  }
}

interface CheckedEnvFile {
  readonly setsPath: boolean;
  readonly problems: readonly Problem[];
}

function checkEnvFile(dir: string, name?: string): CheckedEnvFile {
  try {
    const { vars, problems } = readEnvFiles(dir, name === undefined ? [] : [name]);
    return { setsPath: vars.has('PATH'), problems };
  } catch (error) {
    return { setsPath: false, problems: [problemFrom(error, name ?? DEFAULT_ENV_FILE)] };
  }
}

function problemFrom(error: unknown, file: string): Problem {
  if (!(error instanceof UserError)) throw error;
  return problemOf(error, file, 'error');
}
