import { resolve } from 'node:path';
import { isCommand, syntaxError, versionOf } from '../base/programs.js';
import { checkApp, hasErrors, toJson } from '../config/check.js';
import { appBinDirs, buildDynoEnv } from '../config/dyno-env.js';
import { formatProblem } from '../procfile/problem.js';
import type { CheckFlags } from './commands/check.js';

/** Prints what is wrong with an app's files. Returns the exit status: 1 if it could not start. */
export async function runCheck(flags: CheckFlags): Promise<number> {
  const dir = resolve(flags.dir);
  const env = buildDynoEnv({
    shell: process.env,
    configVars: new Map(),
    dyno: 'web.1',
    port: 0,
    binDirs: appBinDirs(dir),
  });
  const report = await checkApp({
    dir,
    procfile: flags.procfile,
    envFiles: flags.env?.split(',').map((name) => name.trim()) ?? [],
    versionOf: (program) => versionOf(program, dir, env),
    bash: {
      syntaxError: (command) => syntaxError(command, dir, env),
      isCommand: (word) => isCommand(word, dir, env),
    },
  });
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
