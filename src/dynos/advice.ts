import { buildpackOf } from '../base/buildpacks.js';
import { enumerate, printable, quote } from '../base/wording.js';

/** Advice in the log about common mistakes that keep a dyno from running. */

export interface Ended {
  readonly type: string;
  readonly status: number;
  /** The last lines of its output. */
  readonly lastWords: readonly string[];
}

/** The probable reason for a run's exit status, and a remedy. */
export function adviceOnExit({ type, status, lastWords }: Ended): string | undefined {
  if (status === 0)
    return `${COUNTS_AS_CRASH}${type === 'web' ? '' : `. For a command that ends: dynosim run ${type}`}`;
  if (status !== 126 && status !== 127) return undefined;
  const found = lastWords.map(describeComplaint).findLast((advice) => advice !== undefined);
  return `${found ?? 'its command names a program that cannot be run here'}. See what else is missing: dynosim check`;
}

/** https://devcenter.heroku.com/articles/dyno-restarts */
const COUNTS_AS_CRASH =
  'a dyno that exits counts as crashed on Heroku, even with status 0: a process type must run until it is told to stop';

/** Messages of shells and `env` about a program that they cannot run. */
const COMPLAINTS: readonly (readonly [sign: RegExp, describe: (program: string) => string])[] = [
  [
    /([^\s:]+): (?:cannot execute: required file not found$|\S+: bad interpreter)/,
    (script) => `the first line of ${quote(script)} names a program that is missing, or ends in CR`,
  ],
  [
    /([^\s:]+): Permission denied$/,
    (path) => `${quote(path)} is not executable: chmod +x ${printable(path)}`,
  ],
  [
    /([^\s:]+): (?:cannot execute binary file|Exec format error)/,
    (path) => `${quote(path)} is built for another kind of machine, or is not a program`,
  ],
  [
    /(?:^|: )['‘]?([^\s:'’‘]+)['’]?: (?:command not found|not found|No such file or directory)$/,
    describeProgram,
  ],
];

function describeComplaint(line: string): string | undefined {
  for (const [sign, describe] of COMPLAINTS) {
    const program = sign.exec(line)?.[1];
    if (program !== undefined) return describe(program);
  }
  return undefined;
}

function describeProgram(program: string): string {
  const buildpack = buildpackOf(program);
  if (buildpack !== undefined)
    return `there is no program ${quote(program)} here. On Heroku, the buildpack ${buildpack} provides it; here, you must install it`;
  const isPath = program.includes('/');
  return isPath
    ? `there is no file ${quote(program)} here: correct its path, or build it`
    : `there is no program ${quote(program)} here: correct its name, or install it`;
}

/** A dyno that listens, although it is not of type `web`. */
export interface ListeningDyno {
  readonly type: string;
  readonly name: string;
  readonly port: number;
}

/**
 * The probable reason why a web dyno does not listen, and a remedy.
 * @param others dynos of other types that listen
 */
export function adviceOnSilence([other]: readonly ListeningDyno[]): string {
  return other
    ? `does not listen on $PORT, but ${other.name} listens on port ${other.port}. Only the process type web gets requests: if ${other.type} is the web server, name it web in the Procfile`
    : 'does not listen on $PORT. A program that serves no requests, such as a bot, must have another process type: name it worker in the Procfile';
}

export function describeElsewhere(port: number, elsewhere: readonly number[]): string {
  const ports = `${elsewhere.length === 1 ? 'port' : 'ports'} ${enumerate(elsewhere.map(String))}`;
  return `listens on ${ports}, but must listen on $PORT, which is ${port}: this will end in R10`;
}
