/** Finds the package.json script of a command such as `npm start` or `yarn run build`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersUpwards } from '../../base/folders.js';
import { nearest, quote } from '../../base/wording.js';
import type { PackageJson } from '../package-json.js';
import type { Fault } from './files.js';
import type { PlainCommand, Word } from './words.js';

/** How a command runs a script of package.json. */
export type ScriptRun =
  | { readonly is: 'fault'; readonly at: number; readonly fault: Fault }
  /** `label` is the command: `npm start`. */
  | { readonly is: 'script'; readonly at: number; readonly label: string; readonly command: string };

const MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm']);

/** npm's names for `run`. */
const RUN = /^(?:run|run-script|rum|urn)$/;

/** npm commands and abbreviations that look like a misspelt `start` or `run`. */
const NO_SLIPS: ReadonlySet<string> = new Set(['star', 'stars', 'stat', 'sta', 'un', 'ru', 'prun']);

/**
 * @returns undefined if the command runs no script, or that cannot be determined
 */
export function scriptRun(
  { program, args }: PlainCommand,
  dir: string,
  packageJson: PackageJson | undefined,
): ScriptRun | undefined {
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
  const command = packageJson.scripts[named.text];
  if (command === undefined) return withoutScript(named, dir, packageJson);
  // A pre-script may build what the script needs.
  if (packageJson.scripts[`pre${named.text}`] !== undefined) return undefined;
  const label = [program, first, ...(named === first ? [] : [named])].map(({ text }) => text).join(' ');
  return { is: 'script', at: named.at, label, command };
}

function slipOf(program: Word, word: Word): ScriptRun | undefined {
  // yarn and pnpm run any script by its bare name, and programs too.
  if (program.text !== 'npm' || NO_SLIPS.has(word.text)) return undefined;
  const meant = nearest(word.text, ['start', 'run']);
  if (meant === undefined) return undefined;
  const fault = {
    message: `npm has no command ${quote(word.text)}.`,
    hint: `Did you mean ${quote(`npm ${meant}`)}?`,
  };
  return { is: 'fault', at: word.at, fault };
}

function withoutPackage({ at, text }: Word): ScriptRun {
  const message = `There is no package.json here that could have the script ${quote(text)}.`;
  return { is: 'fault', at, fault: { message, hint: 'Name the folder that has one: npm --prefix FOLDER …' } };
}

function withoutScript({ at, text }: Word, dir: string, { scripts }: PackageJson): ScriptRun | undefined {
  // npm's own start script; and yarn runs programs of packages, too.
  if (text === 'start' && existsSync(join(dir, 'server.js'))) return undefined;
  if (existsSync(join(dir, 'node_modules/.bin', text)) || existsSync(join(dir, '.pnp.cjs'))) return undefined;
  const meant = nearest(text, Object.keys(scripts));
  const hint = meant ? `Did you mean ${quote(meant)}?` : 'Add it, or correct its name.';
  return { is: 'fault', at, fault: { message: `package.json has no script ${quote(text)}.`, hint } };
}

/** npm also searches the folders above for a package.json. */
function isBelowPackage(dir: string): boolean {
  return foldersUpwards(dir).some((folder) => existsSync(join(folder, 'package.json')));
}
