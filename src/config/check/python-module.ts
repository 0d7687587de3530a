/** Checks that the module and the name exist that a server of Python's serves: `gunicorn app:app`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { nearest, quote } from '../../base/wording.js';
import { textOf } from '../folder.js';
import { readPythonPackages } from './dependencies/python.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import { moduleFile, pythonTarget } from './python-files.js';
import type { PlainCommand, Word } from './words.js';

const SERVERS: ReadonlySet<string> = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'daphne',
  'waitress-serve',
]);

/** Flags that change where modules are looked for, or name a file that could. */
const MOVING = /^(?:-c|--(?:config|chdir|pythonpath|app-dir|factory|call))\b/;

export function findModule(
  { program, args }: PlainCommand,
  place: SurveyedPlace,
): CommandProblem | undefined {
  const { dir, vars } = place;
  if (!SERVERS.has(program.text) || args.some(({ text }) => MOVING.test(text))) return undefined;
  if (vars.has('PYTHONPATH') || vars.has('GUNICORN_CMD_ARGS') || existsSync(join(dir, 'gunicorn.conf.py')))
    return undefined;
  const target = args.find(({ text }) => pythonTarget(text));
  const { module, name } = pythonTarget(target?.text ?? '') ?? {};
  if (target === undefined || module === undefined || name === undefined) return undefined;
  const file = moduleFile(dir, module);
  if (file !== undefined) return findName(target, name, file, textOf(join(dir, file)));
  return mayBeInstalled(module, dir) ? undefined : withoutModule(target, module, dir);
}

/** Whether a module may come of a package, or of a folder that the installation adds. */
function mayBeInstalled(module: string, dir: string): boolean {
  const [first = ''] = module.split('.');
  if (existsSync(join(dir, 'src', first)) || existsSync(join(dir, 'src', `${first}.py`))) return true;
  const packages = readPythonPackages(dir);
  // Packages and their modules often have different names.
  return (
    packages === undefined || packages.hasUnnamed || [...packages.names].some((name) => name.includes(first))
  );
}

function withoutModule(target: Word, module: string, dir: string): CommandProblem {
  const modules = namesIn(dir).flatMap((name) => /^(\w+)\.py$/.exec(name)?.slice(1) ?? []);
  const meant = nearest(module, modules);
  const message = `There is no module ${quote(module)} here.`;
  return problemAt(target, message, meant ? `Did you mean ${quote(meant)}?` : 'Correct its name.');
}

/** A name can be assigned, imported or defined, also inside of `if` and `try`. */
function findName(target: Word, name: string, file: string, text: string): CommandProblem | undefined {
  const isAnywhere = new RegExp(`\\b${name}\\b`).test(text);
  // It may also come of `from x import *`, or of code that sets names.
  if (isAnywhere || text === '' || /import\s*\*|globals\(\)|setattr|__getattr__/.test(text)) return undefined;
  const names = Array.from(text.matchAll(/^(\w+)\s*=[^=]/gm), ([, one = '']) => one);
  const meant = nearest(name, names) ?? names.find((one) => /^app/.test(one));
  const hint = meant ? `Did you mean ${quote(meant)}?` : 'Correct it.';
  return problemAt(target, `${quote(file)} has nothing that is named ${quote(name)}.`, hint);
}
