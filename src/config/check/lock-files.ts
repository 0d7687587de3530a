/** Checks the files that lock the versions of an app's packages. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { namesIn } from '../../base/read.js';
import { enumerate, quote } from '../../base/wording.js';
import { type Problem, warning } from '../../procfile/problem.js';
import { textOf } from '../folder.js';
import { PYTHON_LISTS } from '../languages.js';
import { type Dependencies, LOCK_FILES, readDependencies } from '../package-json.js';
import { likelyBuildpacks } from './buildpacks.js';
import { readNpmLock } from './npm-lock.js';
import { isInRange } from './ranges.js';

/**
 * Finds lock files, and the lack of them, for which Heroku's build fails or installs other versions than those here: errors.
 * Only buildpacks that would build the app count.
 * @param dir the app's folder
 */
export async function findLockProblems(dir: string): Promise<readonly Problem[]> {
  const buildpacks = likelyBuildpacks(dir);
  const names = new Set(namesIn(dir));
  const found = [
    ...(buildpacks.has('heroku/nodejs') ? await ofNode(dir, names) : []),
    ...(buildpacks.has('heroku/python') ? ofPython(names) : []),
    ...(buildpacks.has('heroku/ruby') ? ofRuby(names) : []),
  ];
  return found.map((problem) => ({ ...problem, severity: 'error', topic: 'files' }));
}

/** https://devcenter.heroku.com/articles/nodejs-support#package-manager-detection */
async function ofNode(dir: string, names: ReadonlySet<string>): Promise<readonly Problem[]> {
  const locks = Object.values(LOCK_FILES).filter((file) => names.has(file));
  const all = [...locks, ...(names.has('npm-shrinkwrap.json') ? ['npm-shrinkwrap.json'] : [])];
  if (all.length > 1) {
    const message = `There are ${enumerate(all)}: Heroku's build fails if more than one tool has locked the packages.`;
    return [warning(all[1] ?? '', message, 'Keep the one of the tool that you use, and delete the others.')];
  }
  const wanted = dependenciesOf(dir);
  // A lock file of several packages may be in a folder above.
  if (!wanted || wanted.hasWorkspaces || wanted.runtime.size + wanted.dev.size === 0) return [];
  if (all.length === 0) return isLockedAbove(dir) ? [] : [withoutLock()];
  if (wanted.hasOverrides) return [];
  const stale = locks.includes(LOCK_FILES.npm) ? await staleInNpm(dir, wanted) : staleInYarn(dir, wanted);
  return stale ? [stale] : [];
}

function dependenciesOf(dir: string): Dependencies | undefined {
  try {
    return readDependencies(dir);
  } catch (error) {
    // checkVersions warns about it.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function isLockedAbove(dir: string): boolean {
  // Only in the same repository.
  if (existsSync(join(dir, '.git'))) return false;
  const above = join(dir, '..');
  if (above === dir) return false;
  return Object.values(LOCK_FILES).some((file) => existsSync(join(above, file))) || isLockedAbove(above);
}

function withoutLock(): Problem {
  const message =
    'No lock file says which versions of its packages the app runs with: each build on Heroku installs the newest ones that package.json allows.';
  return warning('package.json', message, 'Run npm install, and add package-lock.json to git.');
}

/** Ranges that any version fulfills, also one before a release. */
const ANY: ReadonlySet<string> = new Set(['', '*', 'latest']);

/** What `npm ci` would refuse: https://docs.npmjs.com/cli/v11/commands/npm-ci#description */
async function staleInNpm(dir: string, { runtime, dev }: Dependencies): Promise<Problem | undefined> {
  const lock = readNpmLock(join(dir, LOCK_FILES.npm));
  if (!lock) return undefined;
  for (const [name, range] of [...runtime, ...dev]) {
    const locked = lock.get(name);
    if (locked && ANY.has(range)) continue;
    const isRight =
      locked && (locked.version === undefined || (await isInRange(locked.version, range)) !== false);
    if (isRight) continue;
    const what = locked ? `has ${quote(`${name}@${locked.version}`)}` : `lacks ${quote(name)}`;
    const message = `package-lock.json ${what}, and package.json asks for ${quote(`${name}@${range}`)}: "npm ci" fails on Heroku.`;
    return warning(LOCK_FILES.npm, message, 'Run npm install, and commit package-lock.json.');
  }
  return undefined;
}

/** What `yarn install --frozen-lockfile` would refuse. Yarn 2 writes `name@npm:range`. */
function staleInYarn(dir: string, { runtime, dev }: Dependencies): Problem | undefined {
  const text = textOf(join(dir, LOCK_FILES.Yarn));
  // Empty also if it cannot be read.
  if (text === '') return undefined;
  const isPlain = (range: string): boolean => /^[\^~]?\d[\w.+-]*$/.test(range);
  for (const [name, range] of [...runtime, ...dev].filter((one) => isPlain(one[1]))) {
    if (text.includes(`${name}@${range}`) || text.includes(`${name}@npm:${range}`)) continue;
    const message = `yarn.lock lacks ${quote(`${name}@${range}`)}, which package.json asks for: Heroku's build, which may not change yarn.lock, fails.`;
    return warning(LOCK_FILES.Yarn, message, 'Run yarn install, and commit yarn.lock.');
  }
  return undefined;
}

/** https://devcenter.heroku.com/articles/python-support#supported-package-managers */
function ofPython(names: ReadonlySet<string>): readonly Problem[] {
  const lists = Object.values(PYTHON_LISTS).filter((file) => names.has(file));
  if (names.has('Pipfile') && !names.has('Pipfile.lock')) {
    const message = "There is a Pipfile without Pipfile.lock: Heroku's build fails.";
    return [warning('Pipfile', message, 'Run pipenv lock, and add Pipfile.lock to git.')];
  }
  if (lists.length > 1) {
    const message = `There are ${enumerate(lists)}: Heroku's build fails if several tools list the packages.`;
    return [
      warning(lists[1] ?? '', message, 'Keep the one of the tool that you use, and delete the others.'),
    ];
  }
  if (lists.length === 1) return [];
  const message = `There is neither ${enumerate(Object.values(PYTHON_LISTS), 'nor')}: Heroku's build fails.`;
  return [
    warning('requirements.txt', message, 'List the packages in requirements.txt; an empty one will do.'),
  ];
}

/** https://devcenter.heroku.com/articles/ruby-support */
function ofRuby(names: ReadonlySet<string>): readonly Problem[] {
  if (names.has('Gemfile.lock')) return [];
  const message = "There is a Gemfile without Gemfile.lock: Heroku's build fails.";
  return [warning('Gemfile', message, 'Run bundle lock, and add Gemfile.lock to git.')];
}
