/** Checks that the program, file, script and build of a command exist. */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildpackOf } from '../../base/buildpacks.js';
import { UserError } from '../../base/errors.js';
import type { Bash } from '../../base/programs.js';
import { quote } from '../../base/wording.js';
import { namesIn } from '../folder.js';
import { type PackageJson, readPackageJson } from '../package-json.js';
import { findUnbuilt, findUncollected } from './builds.js';
import { type Fault, findCrLf, findMissing, findUnrunnable } from './files.js';
import { scriptRun } from './package-scripts.js';
import { firstCommand, type PlainCommand, type Word } from './words.js';

/** Where the commands would run. */
export interface Place {
  /** The app's folder. */
  readonly dir: string;
  readonly bash: Bash;
  /** The config vars. */
  readonly vars: Pick<ReadonlySet<string>, 'has'>;
}

/** A place, and facts from the app's files. */
export interface SurveyedPlace extends Place {
  readonly packageJson: PackageJson | undefined;
  /** Whether a dyno may have more programs: a profile script or the variable PATH can change everything. */
  readonly isUnknown: boolean;
}

/** A part of a command that will not work. */
export interface CommandProblem extends Fault {
  /** Its index in the command. */
  readonly at: number;
}

export function surveyPlace(place: Place): SurveyedPlace {
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

/** The first missing part; empty if that cannot be determined. */
export function findWhatIsMissing(line: string, app: SurveyedPlace): readonly CommandProblem[] {
  const command = app.isUnknown ? undefined : firstCommand(line);
  const problem = command && (findOwn(command, app) ?? findOfScript(command, app));
  return problem === undefined ? [] : [problem];
}

function findOwn(command: PlainCommand, app: SurveyedPlace): CommandProblem | undefined {
  if (command.setsPath) return undefined;
  return findProgram(command, app) ?? findFile(command, app) ?? findBuild(command, app);
}

function findProgram(
  { program }: PlainCommand,
  { dir, bash, packageJson }: SurveyedPlace,
): CommandProblem | undefined {
  const { at, text } = program;
  // Heroku's `/app`, or a system folder.
  if (text.startsWith('/')) return undefined;
  if (text.includes('/')) {
    const fault = findMissing(text, dir, packageJson) ?? findUnrunnable(text, dir, bash.isCommand);
    return fault && { at, ...fault };
  }
  if (bash.isCommand(text)) return undefined;
  return { at, message: `There is no program ${quote(text)} here.`, hint: howToGet(text, dir, packageJson) };
}

function howToGet(program: string, dir: string, packageJson: PackageJson | undefined): string {
  const buildpack = buildpackOf(program);
  if (buildpack !== undefined)
    return `On Heroku the buildpack ${buildpack} provides it; here you must install it.`;
  const isInstalled = packageJson === undefined || existsSync(join(dir, 'node_modules'));
  return isInstalled ? 'Correct its name, or install it.' : 'Correct its name, or run: npm install';
}

/** A program and the file that it runs. */
const SCRIPTS =
  /^(?:node [^ ]+\.[cm]?js|python[\d.]* [^ ]+\.py|ruby [^ ]+\.rb|perl [^ ]+\.pl|php [^ ]+\.php|(?:ba|da|z)?sh [^ ]+\.sh)$/;

function findFile(
  command: PlainCommand,
  { dir, vars, packageJson }: SurveyedPlace,
): CommandProblem | undefined {
  const { program, args } = command;
  const file = program.text === 'java' ? jarOf(command) : args[0];
  const isFile = program.text === 'java' || SCRIPTS.test(`${program.text} ${file?.text}`);
  if (file === undefined || !isFile || file.text.startsWith('/')) return undefined;
  // A loader may map the path to another file, such as a TypeScript source.
  if (program.text === 'node' && vars.has('NODE_OPTIONS')) return undefined;
  if (isMatched(file.text, dir)) return undefined;
  const isForShell = program.text.endsWith('sh');
  const fault =
    findMissing(file.text, dir, packageJson) ?? (isForShell ? findCrLf(file.text, dir) : undefined);
  return fault && { at: file.at, ...fault };
}

/** The file after `-jar` and any options: `java $JAVA_OPTS -jar target/*.jar`. */
function jarOf({ program, line }: PlainCommand): Word | undefined {
  const [, before = '', text] = /^([^;&|#'"`]*?[ \t]-jar[ \t]+)([\w./*+-]+\.jar)(?![^ \t])/.exec(line) ?? [];
  return text === undefined ? undefined : { text, at: program.at + before.length };
}

/** Whether a bash pattern matches a file: `target/*.jar`. */
function isMatched(pattern: string, dir: string): boolean {
  if (!pattern.includes('*')) return false;
  // Patterns in folder names are not supported.
  if (dirname(pattern).includes('*')) return true;
  const [start = '', ...rest] = basename(pattern).split('*');
  const end = rest.at(-1) ?? '';
  return namesIn(join(dir, dirname(pattern))).some((name) => name.startsWith(start) && name.endsWith(end));
}

function findBuild(
  command: PlainCommand,
  { dir, vars, packageJson }: SurveyedPlace,
): CommandProblem | undefined {
  const fault =
    findUnbuilt(command, dir, packageJson) ??
    (vars.has('DISABLE_COLLECTSTATIC') ? undefined : findUncollected(command, dir));
  return fault && { at: command.program.at, ...fault };
}

/** Finds what the command's package.json script lacks. */
function findOfScript(command: PlainCommand, app: SurveyedPlace): CommandProblem | undefined {
  const run = scriptRun(command, app.dir, app.packageJson);
  if (run === undefined) return undefined;
  if (run.is === 'fault') return { at: run.at, ...run.fault };
  // Scripts that run other scripts are not examined further.
  const inner = firstCommand(run.command);
  const problem = inner && findOwn(inner, app);
  if (!problem) return undefined;
  const { message, hint } = problem;
  return { at: run.at, message: `${quote(run.label)} runs ${quote(run.command)}. ${message}`, hint };
}
