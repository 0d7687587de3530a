import { createHash } from 'node:crypto';
import { UserError } from '../base/errors.js';
import { type ConfigVar, readEnvFiles } from '../config/env-file.js';
import { resolveProcfile } from '../config/resolve-procfile.js';
import { formatProcfile, type Procfile } from '../procfile/parse.js';
import { brief, formatProblem, type Problem } from '../procfile/problem.js';

/** The files that make an app. */
export interface AppFiles {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to it. */
  readonly procfile: string;
  /** Relative to it; none: `.env`, if it is there. */
  readonly envFiles: readonly string[];
}

/** What an app's files say at one moment. */
export interface AppSource {
  readonly processes: Procfile;
  readonly configVars: ReadonlyMap<string, ConfigVar>;
  /** Warnings only. */
  readonly problems: readonly Problem[];
  /** Every file that says something, or would if it were there. */
  readonly paths: readonly string[];
}

/** A Procfile that leaves nothing to run: the warnings say why. */
export class UnusableProcfile extends UserError {
  constructor(
    error: Problem,
    readonly warnings: readonly Problem[],
  ) {
    super('PROCFILE_UNUSABLE', formatProblem(error));
  }
}

/**
 * Reads all files of an app.
 * @throws UserError for what keeps the app from running
 */
export function readSource({ dir, procfile, envFiles }: AppFiles): AppSource {
  const { processes, path, problems } = resolveProcfile(dir, procfile);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) {
    const warnings = problems.filter(({ severity }) => severity === 'warning');
    throw new UnusableProcfile(error, warnings);
  }
  const env = readEnvFiles(dir, envFiles);
  return {
    processes,
    configVars: env.vars,
    problems: [...problems, ...env.problems],
    paths: [path, ...env.files.map((file) => file.path)],
  };
}

/**
 * What a change of the files does, in the words of Heroku's API: `Deploy 1a2b3c4d`, `Set FOO config vars`. Empty
 * if the change makes no difference.
 */
export function describeChange(before: AppSource, after: AppSource): readonly string[] {
  const deploy = describeDeploy(after);
  return [
    ...(deploy === describeDeploy(before) ? [] : [deploy]),
    ...describeConfigChange(before.configVars, after.configVars),
  ];
}

/** What is odd in the files and was not before, in a line each. */
export function newWarnings(before: AppSource, after: AppSource): readonly string[] {
  const [known, found] = [before, after].map(({ problems }) => brief(problems).shown.map(formatProblem));
  return (found ?? []).filter((warning) => !known?.includes(warning));
}

/** `Deploy 1a2b3c4d`: what runs, by a hash that stands where Heroku has the commit's. */
export function describeDeploy({ processes }: AppSource): string {
  const hash = createHash('sha1').update(formatProcfile(processes.values())).digest('hex');
  return `Deploy ${hash.slice(0, 8)}`;
}

type ConfigVars = AppSource['configVars'];

function describeConfigChange(before: ConfigVars, after: ConfigVars): readonly string[] {
  const isSet = (key: string): boolean => before.get(key)?.value !== after.get(key)?.value;
  const set = [...after.keys()].filter(isSet);
  const removed = [...before.keys()].filter((key) => !after.has(key));
  return [
    ...(set.length > 0 ? [`Set ${set.join(', ')} config vars`] : []),
    ...(removed.length > 0 ? [`Remove ${removed.join(', ')} config vars`] : []),
  ];
}
