import { resolve } from 'node:path';
import { type CheckReport, hasErrors, toJson } from '../config/check/check-app.js';
import { checkFolder } from '../config/check/check-folder.js';
import { formatProblem, type Problem, problemOf } from '../procfile/problem.js';
import type { CheckFlags } from './commands/check.js';
import type { StartFlags } from './start/options.js';
import { BadRcFile, RC_FILE, readRcFile } from './start/rc-file.js';

/** Prints what is wrong with an app's files. Returns the exit status: 1 if it could not start. */
export async function runCheck(flags: CheckFlags): Promise<number> {
  const report = await check(flags);
  if (flags.json) {
    console.log(JSON.stringify(toJson(report), undefined, 2));
  } else {
    for (const problem of report.problems) console.log(formatProblem(problem));
    const types = report.processes.map(({ type }) => type);
    const noun = types.length === 1 ? 'type' : 'types';
    if (types.length > 0) console.log(`${types.length} process ${noun}: ${types.join(', ')}`);
  }
  return hasErrors(report) ? 1 : 0;
}

/** Checks the files that `start` would read. A flag in `.dynosimrc` that `start` refuses comes before all else. */
async function check(flags: CheckFlags): Promise<CheckReport> {
  const dir = resolve(flags.dir);
  try {
    return await checkFiles(dir, { ...readRcFile(dir), ...flags });
  } catch (error) {
    return { processes: [], problems: [problemInRcFile(error)] };
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
