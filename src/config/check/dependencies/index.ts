/** Finds out whether Heroku's build brings what an app's commands start. */

import { join, normalize } from 'node:path';
import { UserError } from '../../../base/errors.js';
import { quote } from '../../../base/wording.js';
import type { ProcessLine } from '../../../procfile/parse.js';
import type { Problem } from '../../../procfile/problem.js';
import { textOf } from '../../folder.js';
import {
  type Dependencies,
  type PackageJson,
  readDependencies,
  readPackageJson,
} from '../../package-json.js';
import { moduleFile, pythonTarget } from '../python-files.js';
import { judgeGoProgram } from './go.js';
import { type Import, readImports } from './imports.js';
import { type Judged, lost, THERE, unknown } from './judged.js';
import { type NeededProgram, neededPrograms, nodeEntries } from './needed.js';
import { judgeImport, judgeProgram, type NodePackages, readNodePackages } from './node.js';
import {
  judgePythonModule,
  judgePythonProgram,
  judgePythonScript,
  type PythonPackages,
  readPythonPackages,
} from './python.js';
import { judgeGemProgram } from './ruby.js';

export interface DependencyFindings {
  /** Errors: the dyno would not find what it starts. */
  readonly problems: readonly Problem[];
  /** What is sure to be there: `gunicorn is in requirements.txt`. */
  readonly there: readonly string[];
  /** Why something else is not known, a sentence each. */
  readonly unknown: readonly string[];
}

/** @param vars the config vars */
export function findDependencies(
  dir: string,
  processes: readonly ProcessLine[],
  vars: Pick<ReadonlySet<string>, 'has'>,
): DependencyFindings {
  const app = readApp(dir, vars);
  if (app === undefined) return { problems: [], there: [], unknown: ['package.json cannot be read.'] };
  const programs = neededPrograms(processes, app.scripts);
  return summed([...programs.flatMap((program) => judgeOne(program, app)), ...judgeImports(programs, app)]);
}

interface App {
  readonly dir: string;
  readonly scripts: PackageJson['scripts'];
  readonly node: NodePackages;
  readonly hasPackageJson: boolean;
  readonly python: PythonPackages | undefined;
  readonly vars: Pick<ReadonlySet<string>, 'has'>;
}

const NOTHING: Dependencies = {
  name: undefined,
  runtime: new Map(),
  dev: new Map(),
  hasWorkspaces: false,
  hasOverrides: false,
};

/** @returns undefined if package.json cannot be read */
function readApp(dir: string, vars: App['vars']): App | undefined {
  try {
    const wanted = readDependencies(dir);
    return {
      dir,
      scripts: readPackageJson(dir)?.scripts ?? {},
      node: readNodePackages(dir, wanted ?? NOTHING, vars),
      hasPackageJson: wanted !== undefined,
      python: readPythonPackages(dir),
      vars,
    };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Each once. */
function summed(all: readonly Judged[]): DependencyFindings {
  const problems = new Map<string, Problem>();
  const there = new Set<string>();
  const reasons = new Set<string>();
  for (const judged of all) {
    if (judged.is === 'lost') problems.set(judged.problem.message, judged.problem);
    else if (judged.is === 'unknown') reasons.add(judged.why);
    else if (judged.where !== undefined) there.add(judged.where);
  }
  return { problems: [...problems.values()], there: [...there], unknown: [...reasons] };
}

/** Programs of every dyno's system or of the language's buildpack. */
const STANDARD =
  /^(?:node|npm|npx|yarn|pnpm|corepack|python[\d.]*|pip|ruby|bundle|gem|rake|java|php|heroku-php-(?:apache2|nginx)|perl|go|bash|sh|env|cd|echo|exec|exit|export|set|sleep|true|false|test|trap|wait|ulimit|source|printf|cat|cp|mv|rm|ln|ls|mkdir|chmod|date|timeout|nice|nohup|sed|awk|grep|cut|sort|head|tail|tr|xargs|find|curl|wget|git|tar|gzip|unzip|openssl|psql|redis-cli|poetry|pipenv|uv|http\.server)$|^[.:[]$/;

function judgeOne(program: NeededProgram, app: App): readonly Judged[] {
  const { name, args, by, isGem } = program;
  if (name === '') return [unknown(`What ${quote(by)} starts is not known.`)];
  const ofGo = judgeGoProgram(name, app.dir);
  if (ofGo) return [ofGo];
  if (name.includes('/')) return [judgePath(program, app)];
  const gem = isGem || !STANDARD.test(name) ? judgeGemProgram(name, by, app.dir) : undefined;
  if (gem) return [gem];
  if (app.python) {
    const judged = judgePythonProgram(name, args, by, app.python);
    if (judged) return [...judged, ...judgeModule(program, app.python, app.dir)];
  }
  if (STANDARD.test(name)) return judgeScript(program, app);
  const npm = app.hasPackageJson ? judgeProgram(name, by, app.node) : undefined;
  return [npm ?? unknown(`Whether a dyno has the program ${quote(name)} is not known.`)];
}

/** A file of the app, or of what is installed. */
function judgePath({ name, by }: NeededProgram, app: App): Judged {
  const [, folder, base = ''] = /^(?:\.\/)?(node_modules\/\.bin|bin|vendor\/bin)\/([\w-]+)$/.exec(name) ?? [];
  if (folder === 'vendor/bin' && base.startsWith('heroku-php-')) return THERE;
  const judged =
    folder === 'node_modules/.bin'
      ? judgeProgram(base, by, app.node)
      : folder === 'bin'
        ? judgeGemProgram(base, by, app.dir)
        : undefined;
  return judged ?? unknown(`What ${quote(name)} needs is not known.`);
}

/** The module that a server of Python's serves: `app` of `gunicorn app:app`. */
function judgeModule({ args }: NeededProgram, packages: PythonPackages, dir: string): readonly Judged[] {
  const target = args.map(pythonTarget).find((one) => one !== undefined);
  const file = target && moduleFile(dir, target.module);
  return file === undefined ? [] : judgePythonModule(file, textOf(join(dir, file)), packages);
}

/** Programs that run another one, or in another folder. */
const HIDING = /^(?:bash|sh|cd|pushd|source|\.|xargs|nohup|timeout|nice)$/;

/** `python app.py`. What `node server.js` imports is judged for all commands together. */
function judgeScript({ name, args, by }: NeededProgram, app: App): readonly Judged[] {
  const [file = ''] = args;
  const isOfOtherPackage = /^(?:npm|yarn|pnpm)$/.test(name) && args.some((word) => word.startsWith('-'));
  if (HIDING.test(name) || isOfOtherPackage) return [unknown(`What ${quote(by)} starts is not known.`)];
  if (!/^python[\d.]*$/.test(name) || !file.endsWith('.py')) return [THERE];
  return judgePythonScript(file, app.dir, app.python);
}

function judgeImports(programs: readonly NeededProgram[], app: App): readonly Judged[] {
  const entries = nodeEntries(programs);
  const { packages, files, isCut } = readImports(
    app.dir,
    entries.map(({ file }) => file),
  );
  const preloads = entries.flatMap((entry) =>
    entry.preloads.map((specifier) => ({ specifier, by: entry.by })),
  );
  const missing = entries.map(({ file }) => normalize(file)).filter((file) => !files.has(file));
  // They may change what imports find.
  const isChanged = preloads.length > 0 || app.vars.has('NODE_OPTIONS') || app.vars.has('NODE_PATH');
  return [
    ...preloads
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .map(({ specifier, by }) => judgeImport(specifier, quote(by), app.node)),
    ...packages.map((found) => judgeFound(found, isChanged, app)),
    ...missing.map((file) =>
      unknown(`What ${quote(file)} imports is not known: there is no such file here.`),
    ),
    ...(isCut ? [unknown('There are more files than were looked at.')] : []),
  ];
}

function judgeFound({ specifier, file, line }: Import, isChanged: boolean, app: App): Judged {
  const judged = judgeImport(specifier, file, app.node);
  if (judged.is !== 'lost') return judged;
  if (isChanged) return unknown(`Whether ${file} finds ${quote(specifier)} is not known.`);
  if (app.hasPackageJson) return judged;
  const message = `${file} imports ${quote(specifier)}, and there is no package.json that asks for it.`;
  return lost(file, line, message, 'Run npm init, then npm install with its name.');
}
