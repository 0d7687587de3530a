/** Finds the package.json script of a command such as `npm start` or `yarn run build`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersUpwards } from '../../base/folders.js';
import { nearest, quote } from '../../base/wording.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import { firstCommand, type PlainCommand, type Word } from './words.js';

const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

/** npm's names for `run`. */
const RUN = /^(?:run|run-script|rum|urn)$/;

/** npm commands and abbreviations that look like a misspelt `start` or `run`. */
const NO_SLIPS: ReadonlySet<string> = new Set(['star', 'stars', 'stat', 'sta', 'un', 'ru', 'prun']);

/**
 * Finds what a command's script lacks; undefined if the command runs no script, or that cannot be determined.
 * @param examine finds what a command itself lacks
 */
export function findOfScript(
  { program, args }: PlainCommand,
  place: SurveyedPlace,
  examine: (command: PlainCommand, place: SurveyedPlace) => CommandProblem | undefined,
): CommandProblem | undefined {
  const { dir, packageJson } = place;
  const separator = args.findIndex(({ text }) => text === '--');
  const own = separator === -1 ? args : args.slice(0, separator);
  // `--prefix` and `--workspace` may choose another package.
  if (!MANAGERS.has(program.text) || own.some(({ text }) => text.startsWith('-'))) return undefined;
  const [first, second] = own;
  if (first === undefined) return undefined;
  if (first.text !== 'start' && !RUN.test(first.text)) return slipOf(program, first);
  const named = first.text === 'start' ? first : second;
  if (named === undefined) return undefined;
  if (packageJson === undefined) return isBelowPackage(dir) ? undefined : withoutPackage(named);
  const script = packageJson.scripts[named.text];
  if (script === undefined) return withoutScript(named, dir, packageJson.scripts);
  // A pre-script may build what the script needs.
  if (packageJson.scripts[`pre${named.text}`] !== undefined) return undefined;
  // Scripts that run other scripts are not examined further.
  const inner = firstCommand(script);
  const problem = inner && examine(inner, place);
  if (!problem) return undefined;
  const label = [program, first, ...(named === first ? [] : [named])].map(({ text }) => text).join(' ');
  return problemAt(named, `${quote(label)} runs ${quote(script)}. ${problem.message}`, problem.hint);
}

function slipOf(program: Word, word: Word): CommandProblem | undefined {
  // yarn and pnpm run any script by its bare name, and programs too.
  if (program.text !== 'npm' || NO_SLIPS.has(word.text)) return undefined;
  const meant = nearest(word.text, ['start', 'run']);
  if (meant === undefined) return undefined;
  const hint = `Did you mean ${quote(`npm ${meant}`)}?`;
  return problemAt(word, `npm has no command ${quote(word.text)}.`, hint);
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
