/** Checks that the program, file, script and build of a command exist. */

import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { buildpackOf } from '../../base/buildpacks.js';
import { namesIn } from '../../base/read.js';
import { quote } from '../../base/wording.js';
import { findUnbuilt, findUncollected } from './builds.js';
import { findCrLf, findMissing, findUnrunnable } from './files.js';
import { findOfScript } from './package-scripts.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import { findModule } from './python-module.js';
import { commandsOf, type PlainCommand, type Word } from './words.js';

/** The first missing part; undefined if there is none, or that cannot be determined. */
export function findWhatIsMissing(line: string, place: SurveyedPlace): CommandProblem | undefined {
  return place.isUnknown ? undefined : examineLine(line, place, { isPrepared: false, running: [] });
}

/** These change what the commands behind them find. */
const CHANGES_ALL: ReadonlySet<string> = new Set(['cd', 'pushd', 'chmod', 'source', '.', 'export']);

interface LineContext {
  /** Whether other commands run before this line. */
  readonly isPrepared: boolean;
  /** The scripts of package.json that lead to it. */
  readonly running: readonly string[];
}

/** Examines the commands of a line, and the scripts that they run. */
function examineLine(
  line: string,
  place: SurveyedPlace,
  { isPrepared, running }: LineContext,
): CommandProblem | undefined {
  for (const [index, command] of commandsOf(line).entries()) {
    const isLater = isPrepared || index > 0;
    const found =
      (isLater ? findOfLater(command, place) : findOwn(command, place)) ??
      findOfScript(command, place, running, (script, context) =>
        examineLine(script, place, { ...context, isPrepared: isLater || context.isPrepared }),
      );
    if (found || CHANGES_ALL.has(command.program.text) || command.setsPath) return found;
  }
  return undefined;
}

/** What a command lacks behind others, which may make files and install programs. */
function findOfLater({ program }: PlainCommand, place: SurveyedPlace): CommandProblem | undefined {
  const { text } = program;
  const isFile = text.includes('/') && !text.startsWith('/') && existsSync(join(place.dir, text));
  return isFile ? findUnrunnable(program, place) : undefined;
}

function findOwn(command: PlainCommand, place: SurveyedPlace): CommandProblem | undefined {
  if (command.setsPath) return undefined;
  return (
    findProgram(command, place) ??
    findFile(command, place) ??
    findModule(command, place) ??
    findUnbuilt(command, place) ??
    findUncollected(command, place)
  );
}

function findProgram({ program }: PlainCommand, place: SurveyedPlace): CommandProblem | undefined {
  const { text } = program;
  // Heroku's `/app`, or a system folder.
  if (text.startsWith('/')) return undefined;
  if (text.includes('/')) return findMissing(program, place) ?? findUnrunnable(program, place);
  if (place.bash.isCommand(text)) return undefined;
  const message = `There is no program ${quote(text)} here.`;
  const runner = INTERPRETERS[extname(text)];
  // Heroku would not find it either.
  if (runner !== undefined && existsSync(join(place.dir, text)))
    return problemAt(program, message, `It is a file: write ${quote(`${runner} ${text}`)}.`);
  return problemAt(program, message, howToGet(text, place), 'machine');
}

/** The programs that run a script, by its extension. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  '.cjs': 'node',
  '.js': 'node',
  '.mjs': 'node',
  '.php': 'php',
  '.pl': 'perl',
  '.py': 'python',
  '.rb': 'ruby',
  '.sh': 'bash',
};

function howToGet(program: string, { dir, packageJson }: SurveyedPlace): string {
  const buildpack = buildpackOf(program);
  if (buildpack !== undefined)
    return `On Heroku the buildpack ${buildpack} provides it; here you must install it.`;
  const isInstalled = packageJson === undefined || existsSync(join(dir, 'node_modules'));
  return isInstalled ? 'Correct its name, or install it.' : 'Correct its name, or run: npm install';
}

/** A program and the file that it runs. */
const SCRIPTS =
  /^(?:node [^ ]+\.[cm]?js|python[\d.]* [^ ]+\.py|ruby [^ ]+\.rb|perl [^ ]+\.pl|php [^ ]+\.php|(?:ba|da|z)?sh (?:[^ ]+\.sh|\.?\/?(?:bin|scripts?)\/[\w.-]+))$/;

function findFile(command: PlainCommand, place: SurveyedPlace): CommandProblem | undefined {
  const { program, args } = command;
  const file = program.text === 'java' ? jarOf(command) : args[0];
  const isFile = program.text === 'java' || SCRIPTS.test(`${program.text} ${file?.text}`);
  if (file === undefined || !isFile || file.text.startsWith('/')) return undefined;
  // A loader may map the path to another file, such as a TypeScript source.
  if (program.text === 'node' && place.vars.has('NODE_OPTIONS')) return undefined;
  if (isMatched(file.text, place.dir)) return undefined;
  const isForShell = program.text.endsWith('sh');
  return findMissing(file, place) ?? (isForShell ? findCrLf(file, place) : undefined);
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
