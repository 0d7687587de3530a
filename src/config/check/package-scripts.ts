/** Finds the package.json script of a command such as `npm start` or `yarn run build`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersUpwards } from '../../base/folders.js';
import { nearest, quote } from '../../base/wording.js';
import type { PackageJson } from '../package-json.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import type { PlainCommand, Word } from './words.js';

const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

/** npm's names for `run`. */
const RUN = /^(?:run|run-script|rum|urn)$/;

/** npm's own scripts, which yarn and pnpm know as well, and what is no name of a script. */
const RUNS_ITSELF = /^(?:t|tst|test|stop|restart)$|[^\w:.-]/;

/** npm commands and abbreviations that look like a misspelt `start` or `run`. */
const NO_SLIPS: ReadonlySet<string> = new Set(['star', 'stars', 'stat', 'sta', 'un', 'ru', 'prun']);

/** Flags of `run` that only change what is printed. */
const QUIET = /^(?:-s|--silent|-q|--quiet)$/;

/** Commands of yarn and pnpm, which no script of that name replaces. What they run by other names may be a script. */
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'add audit autoclean bin cache check config constraints create dedupe deploy dlx doctor env exec explain fetch ' +
    'generate-lock-entry global help i import info init install licenses link list login logout ls node npm outdated ' +
    'owner pack patch patch-commit patch-remove plugin policies prolog prune publish rb rebuild remove rm root search ' +
    'self-update server set setup stage store tag team uninstall unlink unplug up update upgrade upgrade-interactive ' +
    'version versions view why workspace workspaces'
  ).split(' '),
);

/** Finds what the line of a script lacks. */
export type ExamineScript = (
  line: string,
  context: {
    /** Whether another script runs before it. */
    readonly isPrepared: boolean;
    /** The scripts that lead to it. */
    readonly running: readonly string[];
  },
) => CommandProblem | undefined;

/**
 * Finds what a command's script lacks; undefined if the command runs no script, or that cannot be determined.
 * @param running the scripts that lead to the command: one that runs itself is not examined again
 */
export function findOfScript(
  { program, args }: PlainCommand,
  place: SurveyedPlace,
  running: readonly string[],
  examine: ExamineScript,
): CommandProblem | undefined {
  const separator = args.findIndex(({ text }) => text === '--');
  const own = (separator === -1 ? args : args.slice(0, separator)).filter(({ text }) => !QUIET.test(text));
  // `--prefix` and `--workspace` may choose another package.
  if (!MANAGERS.has(program.text) || own.some(({ text }) => text.startsWith('-'))) return undefined;
  const [first, second] = own;
  if (first === undefined) return undefined;
  const scripts = place.packageJson?.scripts;
  const isRun = RUN.test(first.text);
  if (!isRun && first.text !== 'start' && (program.text === 'npm' || scripts?.[first.text] === undefined))
    return program.text === 'npm' ? slipOf(first) : unknownCommand(first, place);
  const named = isRun ? second : first;
  if (named === undefined) return undefined;
  if (scripts === undefined) return isBelowPackage(place.dir) ? undefined : withoutPackage(named);
  if (scripts[named.text] === undefined) return withoutScript(named, place.dir, scripts);
  if (running.includes(named.text)) return undefined;
  const label = [program, first, ...(isRun ? [named] : [])].map(({ text }) => text).join(' ');
  for (const [index, line] of linesOf(named.text, program.text, scripts).entries()) {
    const problem = examine(line, { isPrepared: index > 0, running: [...running, named.text] });
    if (problem)
      return problemAt(
        named,
        `${quote(label)} runs ${quote(line)}. ${problem.message}`,
        problem.hint,
        problem.topic,
      );
  }
  return undefined;
}

/** What a script runs. pnpm runs no other script before it, unless it is told to. */
function linesOf(name: string, manager: string, scripts: PackageJson['scripts']): readonly string[] {
  const before = manager === 'pnpm' ? undefined : scripts[`pre${name}`];
  return [before, scripts[name]].filter((line) => line !== undefined);
}

function slipOf(word: Word): CommandProblem | undefined {
  if (NO_SLIPS.has(word.text)) return undefined;
  const meant = nearest(word.text, ['start', 'run']);
  if (meant === undefined) return undefined;
  const hint = `Did you mean ${quote(`npm ${meant}`)}?`;
  return problemAt(word, `npm has no command ${quote(word.text)}.`, hint);
}

/** yarn and pnpm run any script by its bare name, and programs too, which must be installed to be known. */
function unknownCommand(word: Word, { dir, packageJson, bash }: SurveyedPlace): CommandProblem | undefined {
  const isKnown = COMMANDS.has(word.text) || RUNS_ITSELF.test(word.text) || bash.isCommand(word.text);
  if (isKnown || packageJson === undefined || !existsSync(join(dir, 'node_modules/.bin'))) return undefined;
  return withoutScript(word, dir, packageJson.scripts);
}

function withoutPackage(script: Word): CommandProblem {
  const message = `There is no package.json here that could have the script ${quote(script.text)}.`;
  return problemAt(script, message, 'Name the folder that has one: npm --prefix FOLDER …');
}

function withoutScript(script: Word, dir: string, scripts: object): CommandProblem | undefined {
  const { text } = script;
  // npm's own start script; and yarn runs programs of packages, too.
  if (text === 'start' && existsSync(join(dir, 'server.js'))) return undefined;
  if (existsSync(join(dir, 'node_modules/.bin', text)) || existsSync(join(dir, '.pnp.cjs'))) return undefined;
  const meant = nearest(text, Object.keys(scripts));
  const hint = meant ? `Did you mean ${quote(meant)}?` : 'Add it, or correct its name.';
  return problemAt(script, `package.json has no script ${quote(text)}.`, hint);
}

/** npm also searches the folders above for a package.json. */
function isBelowPackage(dir: string): boolean {
  return foldersUpwards(dir).some((folder) => existsSync(join(folder, 'package.json')));
}
