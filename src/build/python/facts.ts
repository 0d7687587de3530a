/** What the plan of a Python build depends on. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine } from '../../base/process.js';
import { namesIn } from '../../base/read.js';
import { textOf } from '../../config/folder.js';
import type { BuilderApp } from '../buildpack.js';
import { PACKAGE_MANAGERS, type PythonPackageManager } from './package-managers.js';
import { majorOf, type RequestedPython, readRequestedPython } from './version.js';

export interface PythonFacts {
  /** The names in the app's folder. */
  readonly files: ReadonlySet<string>;
  readonly managers: readonly PythonPackageManager[];
  readonly requested: RequestedPython;
  /** The Python of this machine that suits best; undefined if there is none. */
  readonly python: { readonly command: string; readonly version: string } | undefined;
  /** Of the package manager, if the machine has it. */
  readonly managerVersion: string | undefined;
  readonly hasOwnPython: boolean;
  /** The folder of a virtual environment in the source. */
  readonly venv: string | undefined;
  readonly cache: PythonCache;
}

interface PythonCache {
  readonly dir: string;
  /** What filled it. */
  readonly former: { readonly python: string; readonly manager: string } | undefined;
}

export async function readPythonFacts(app: BuilderApp): Promise<PythonFacts> {
  const { dir } = app;
  const files = new Set(namesIn(dir));
  const managers = PACKAGE_MANAGERS.filter(({ file }) => files.has(file));
  const requested = readRequestedPython(dir, files);
  const python = await findPython(app, 'version' in requested ? requested.version : '');
  const [manager] = managers;
  return {
    files,
    managers,
    requested,
    python,
    managerVersion: python && manager && (await managerVersion(app, python.command, manager)),
    hasOwnPython: existsSync(join(dir, '.heroku/python')),
    venv: ['.venv', 'venv'].find((name) => existsSync(join(dir, name, 'pyvenv.cfg'))),
    cache: readCache(join(app.cacheDir, 'python')),
  };
}

/** Not every name of a Python leads to one: version managers have programs for versions that are not installed. */
async function findPython(app: BuilderApp, requested: string): Promise<PythonFacts['python']> {
  for (const command of [`python${majorOf(requested)}`, 'python3', '/usr/bin/python3']) {
    const version = app.has(command) ? await askVersion(app, command, '--version') : undefined;
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

/** pip comes with the virtual environment. */
function managerVersion(
  app: BuilderApp,
  python: string,
  { name, command: [program] }: PythonPackageManager,
): Promise<string | undefined> {
  if (name === 'pip') return askVersion(app, python, '-m', 'ensurepip', '--version');
  return app.has(program) ? askVersion(app, program, '--version') : Promise.resolve(undefined);
}

async function askVersion(app: BuilderApp, ...command: CommandLine): Promise<string | undefined> {
  const { status, stdout } = await app.ask(command);
  return status === 0 ? /\d+(?:\.\d+)+/.exec(stdout)?.[0] : undefined;
}

function readCache(dir: string): PythonCache {
  const [python, manager] = textOf(join(dir, 'made-by')).trim().split(' ');
  return { dir, former: python && manager ? { python, manager } : undefined };
}
