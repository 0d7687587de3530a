/** Finds everything wrong with an app's files before it starts. */

import type { Bash } from '../../base/programs.js';
import type { ProcessLine } from '../../procfile/parse.js';
import { explain, type Problem, problemOf } from '../../procfile/problem.js';
import { type Environment, routerPort } from '../dyno-env.js';
import { DEFAULT_ENV_FILE, type EnvFiles, readEnvFiles } from '../env-file.js';
import { lineOfVar } from '../env-grammar.js';
import { nameOrigin } from '../layers.js';
import { DEFAULT_PROCFILE, resolveProcfile } from '../resolve-procfile.js';
import { checkAppJson } from './app-json.js';
import { findCommandProblems, findStartProblems } from './commands.js';
import { findDependencies } from './dependencies/index.js';
import { findLockProblems } from './lock-files.js';
import type { CommandPlace } from './place.js';
import { checkVersions, type VersionOf } from './versions.js';

export interface CheckReport {
  /** In the file's order; a type with several lines is listed once. */
  readonly processes: readonly ProcessLine[];
  /** In this order: the Procfile, its commands, the env files, the version files, app.json, lock files, dependencies. */
  readonly problems: readonly Problem[];
}

export interface CheckOptions {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to the folder. Default: `Procfile`. */
  readonly procfile?: string;
  /** Relative to the folder. Default: `.env`. */
  readonly envFiles?: readonly string[];
  /** Whether `start` ignores PORT in an env file, because its port is set elsewhere. */
  readonly isPortGiven?: boolean;
  /** The variables that dynos get in addition to the config vars. */
  readonly shell?: Environment;
  readonly versionOf: VersionOf;
  readonly bash: Bash;
}

/**
 * Checks all files that `start` reads. Never throws: what would keep the app from starting is an error in the report.
 */
export async function checkApp({
  dir,
  procfile,
  envFiles = [],
  isPortGiven = false,
  shell = {},
  versionOf,
  bash,
}: CheckOptions): Promise<CheckReport> {
  const ofEnvFiles = (envFiles.length === 0 ? [undefined] : envFiles).map((name) => checkEnvFile(dir, name));
  const vars = new Map(ofEnvFiles.flatMap((file) => [...file.vars]));
  const { processes, problems } = checkProcfile({ dir, bash, vars }, procfile);
  return {
    processes,
    problems: [
      ...problems,
      ...ofEnvFiles.flatMap((file) => file.problems),
      ...(isPortGiven ? [] : checkPort(vars, ofEnvFiles)),
      ...(await checkVersions(dir, versionOf)),
      ...checkAppJson(dir, (key) => vars.has(key) || shell[key] !== undefined),
      ...asWarnings(await findLockProblems(dir)),
      ...asWarnings(findDependencies(dir, processes, vars).problems),
    ],
  };
}

/** What fails on Heroku keeps no app from running here. */
function asWarnings(problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, severity: 'warning' }));
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

function checkProcfile(place: CommandPlace, file: string = DEFAULT_PROCFILE): CheckReport {
  try {
    const { processes, lines, problems } = resolveProcfile(place.dir, file);
    const isNpmStart = processes.get('web')?.line === 0;
    const ofCommands = isNpmStart
      ? findStartProblems(place)
      : findCommandProblems(lines.values(), file, place);
    return { processes: [...processes.values()], problems: [...problems, ...ofCommands] };
  } catch (error) {
    return { processes: [], problems: [problemOf(error, file, 'error')] };
  }
}

function checkEnvFile(dir: string, name?: string): EnvFiles {
  try {
    return readEnvFiles(dir, name === undefined ? [] : [name]);
  } catch (error) {
    return { vars: new Map(), files: [], problems: [problemOf(error, name ?? DEFAULT_ENV_FILE, 'error')] };
  }
}

/** The router's port. */
function checkPort(vars: EnvFiles['vars'], ofEnvFiles: readonly EnvFiles[]): readonly Problem[] {
  try {
    routerPort(vars, {});
    return [];
  } catch (error) {
    const from = vars.get('PORT')?.from;
    const name = from ? nameOrigin(from) : DEFAULT_ENV_FILE;
    const file = ofEnvFiles.flatMap(({ files }) => files).findLast((candidate) => candidate.name === name);
    return [{ ...problemOf(error, name, 'error'), line: file ? lineOfVar(file.text, 'PORT') : 0 }];
  }
}
