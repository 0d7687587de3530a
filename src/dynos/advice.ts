import { buildpackOf } from '../base/buildpacks.js';
import { enumerate, printable, quote } from '../base/wording.js';

/** Remarks in the log about the mistakes that most often keep a dyno from running. */

/** How a run ended. */
export interface Ended {
  /** Its process type. */
  readonly type: string;
  readonly status: number;
  /** The end of what it printed, line by line. */
  readonly lastWords: readonly string[];
}

/** Why a run may have ended with this status, and what to do. */
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

/** How shells and `env` name a program that they cannot run. */
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
    (path) => `${quote(path)} is built for another kind of machine, or is no program`,
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
    return `there is no program ${quote(program)} here. On Heroku the buildpack ${buildpack} brings it; here it must be installed`;
  const isPath = program.includes('/');
  return isPath
    ? `there is no file ${quote(program)} here: correct its path, or build it`
    : `there is no program ${quote(program)} here: correct its name, or install it`;
}

/** A dyno that listens, though it is not of type `web`. */
export interface Listener {
  readonly type: string;
  readonly name: string;
  readonly port: number;
}

/**
 * Why a web dyno may listen nowhere, and what to do.
 * @param others dynos of other types that listen
 */
export function adviceOnSilence([other]: readonly Listener[]): string {
  return other
    ? `does not listen on $PORT, but ${other.name} listens on port ${other.port}. Only the process type web gets requests: if ${other.type} is the web server, name it web in the Procfile`
    : 'does not listen on $PORT. A program that serves no requests, such as a bot, must have another process type: name it worker in the Procfile';
}

/** Says that a web dyno listens on other ports than its own. */
export function describeElsewhere(port: number, elsewhere: readonly number[]): string {
  const ports = `${elsewhere.length === 1 ? 'port' : 'ports'} ${enumerate(elsewhere.map(String))}`;
  return `listens on ${ports}, but must listen on $PORT, which is ${port}: this will end in R10`;
}
