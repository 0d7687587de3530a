import { resolve } from 'node:path';
import { type CheckReport, hasErrors, toJson } from '../config/check/check-app.js';
import { checkFolder } from '../config/check/check-folder.js';
import { DEFAULT_ENV_FILE } from '../config/env-file.js';
import { DEFAULT_PROCFILE } from '../config/resolve-procfile.js';
import { formatProblem, type Problem, problemOf } from '../procfile/problem.js';
import { annotate } from './annotate.js';
import type { CheckFlags } from './commands/check.js';
import { checkSuite, problemAnnotation } from './format/check.js';
import { toJunit } from './format/junit.js';
import { note, say } from './output.js';
import type { StartFlags } from './start/options.js';
import { BadRcFile, RC_FILE, readRcFile } from './start/rc-file.js';
import { writeReport } from './write-report.js';

/**
 * Prints what is wrong with an app's files. Returns the exit status: 1 if it could not start, or with `--strict` if there
 * is a warning.
 */
export async function runCheck(flags: CheckFlags): Promise<number> {
  const { report, files } = await check(flags);
  const { problems } = report;
  if (flags.json) console.log(JSON.stringify(toJson(report), undefined, 2));
  else printReport(report);
  annotate(flags.json, (root) =>
    problems.map((problem) => problemAnnotation(problem, resolve(flags.dir), root)),
  );
  if (flags.junit !== undefined)
    writeReport(flags.junit, toJunit(checkSuite(problems, files, flags.strict ?? false)));
  if (hasErrors(report)) return 1;
  if (!flags.strict || problems.length === 0) return 0;
  note(`dynosim: --strict: ${problems.length === 1 ? 'a warning fails' : 'warnings fail'} this check`);
  return 1;
}

function printReport({ processes, problems }: CheckReport): void {
  for (const problem of problems) say(formatProblem(problem));
  const types = processes.map(({ type }) => type);
  const noun = types.length === 1 ? 'type' : 'types';
  if (types.length > 0) say(`${types.length} process ${noun}: ${types.join(', ')}`);
}

interface Checked {
  readonly report: CheckReport;
  /** The files that every app is asked for, relative to its folder. */
  readonly files: readonly string[];
}

/** Checks the files that `start` would read. A flag in `.dynosimrc` that `start` refuses comes before all else. */
async function check(flags: CheckFlags): Promise<Checked> {
  const dir = resolve(flags.dir);
  try {
    const all = { ...readRcFile(dir), ...flags };
    const files = [all.procfile ?? DEFAULT_PROCFILE, ...(all.env ?? [DEFAULT_ENV_FILE])];
    return { report: await checkFiles(dir, all), files };
  } catch (error) {
    return { report: { processes: [], problems: [problemInRcFile(error)] }, files: [RC_FILE] };
  }
}

function checkFiles(
  dir: string,
  { procfile, env, port, cleanEnv }: Partial<StartFlags>,
): Promise<CheckReport> {
  return checkFolder(
    {
      dir,
      ...(procfile !== undefined && { procfile }),
      ...(env && { envFiles: env }),
      isPortGiven: port !== undefined,
      ...(cleanEnv && { shell: {} }),
    },
    process.env,
  );
}

function problemInRcFile(error: unknown): Problem {
  const problem = problemOf(error, RC_FILE, 'error');
  return error instanceof BadRcFile
    ? { ...problem, line: error.line, message: `${error.problem}.` }
    : problem;
}
