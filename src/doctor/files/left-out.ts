/** Finds files that Heroku needs and does not get. */

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { enumerate, quote } from '../../base/wording.js';
import { neededPrograms } from '../../config/check/dependencies/needed.js';
import { moduleFile, pythonTarget } from '../../config/check/python-files.js';
import { textOf } from '../../config/folder.js';
import { GitIgnore } from '../../config/gitignore.js';
import { PYTHON_LISTS } from '../../config/languages.js';
import { LOCK_FILES } from '../../config/package-json.js';
import { parseSlugignore } from '../../config/slugignore.js';
import { errorAbout, type Problem } from '../../procfile/problem.js';
import type { AppFiles } from './app-files.js';

/** What builds and dynos need if the app has it. */
const REQUIRED = [
  'Procfile',
  'package.json',
  ...Object.values(LOCK_FILES),
  ...Object.values(PYTHON_LISTS),
  '.python-version',
  'runtime.txt',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
  'go.mod',
  'go.sum',
  'pom.xml',
  'build.gradle',
];

/** Scripts of package.json that may make files on Heroku. */
const MAKERS = [
  'build',
  'heroku-prebuild',
  'heroku-postbuild',
  'preinstall',
  'install',
  'postinstall',
  'prepare',
];

export function findLeftOut(app: AppFiles): readonly Problem[] {
  const files = [...new Set([...REQUIRED, ...filesOfCommands(app)])].filter((file) =>
    existsSync(join(app.dir, file)),
  );
  return [...byGitignore(files, app), ...bySlugignore(files, app)];
}

/** The files that the commands run and load; none if a build may make them. */
function filesOfCommands({ dir, report, scripts, sources }: AppFiles): readonly string[] {
  const isMade = MAKERS.some((name) => scripts[name] !== undefined);
  const hasHooks = ['bin/pre_compile', 'bin/post_compile'].some((hook) => existsSync(join(dir, hook)));
  if (isMade || hasHooks) return [];
  const programs = neededPrograms(report.processes, scripts);
  const named = programs
    .filter(({ name }) => /^(?:python[\d.]*|ruby|php|perl|(?:ba)?sh)$/.test(name))
    .flatMap(({ args }) => args.slice(0, 1))
    .filter((word) => /^[^-/].*\.\w+$/.test(word));
  const modules = programs
    .flatMap(({ args }) => args)
    .flatMap((word) => moduleFile(dir, pythonTarget(word)?.module ?? '') ?? []);
  return [...named.map(normalize), ...modules, ...sources.files];
}

function byGitignore(files: readonly string[], { dir, tracked }: AppFiles): readonly Problem[] {
  // A file that was added in spite of .gitignore is in git.
  if (tracked.at === 'unknown') return [];
  const isInGit = (file: string): boolean => tracked.at === 'repository' && tracked.files.has(file);
  const ignored = new GitIgnore(dir);
  const left = files.filter((file) => !isInGit(file) && ignored.leavesOut(join(dir, file)));
  const isMadeByNode = existsSync(join(dir, 'package.json')) && !left.some((file) => REQUIRED.includes(file));
  const makes = isMadeByNode ? ', or let a script build in package.json make it on Heroku' : '';
  return leftOut('.gitignore', left, makes);
}

function bySlugignore(files: readonly string[], { dir }: AppFiles): readonly Problem[] {
  const patterns = parseSlugignore(textOf(join(dir, '.slugignore')));
  const isNamed = (path: string, isFolder: boolean): boolean =>
    path !== '.' && (patterns.some((matches) => matches(path, isFolder)) || isNamed(dirname(path), true));
  return leftOut(
    '.slugignore',
    files.filter((file) => isNamed(file, false)),
  );
}

/** @param instead what else mends it */
function leftOut(by: string, files: readonly string[], instead = ''): readonly Problem[] {
  if (files.length === 0) return [];
  const shown = files.slice(0, 3).map((file) => quote(file));
  const names = enumerate(files.length > 3 ? [...shown, `${files.length - 3} more`] : shown);
  const message = `${by} leaves out ${names}, which the app needs on Heroku.`;
  return [errorAbout(by, message, `Take it out of ${by} and add it to git${instead}.`)];
}
