/** Finds files that git should not track, or tracks under a wrong name or mode. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { enumerate, quote } from '../../base/wording.js';
import { neededPrograms } from '../../config/check/dependencies/needed.js';
import { DEFAULT_ENV_FILE } from '../../config/env-file.js';
import { textOf } from '../../config/folder.js';
import { errorAbout, type Problem, warning } from '../../procfile/problem.js';
import type { AppFiles } from './app-files.js';

export function findGitProblems(app: AppFiles): readonly Problem[] {
  const { tracked } = app;
  if (tracked.at !== 'repository') return [];
  return [
    ...trackedSecrets(app, tracked.files),
    ...misspeltInGit(app, tracked.files),
    ...alike(tracked.files),
    ...notExecutable(app, tracked.files),
    ...inLargeFileStorage(app, tracked.files),
  ];
}

type Files = ReadonlyMap<string, string>;

/** Examples of env files belong in git. */
const EXAMPLE = /example|sample|template|dist|default/i;

function trackedSecrets({ dir, envFiles }: AppFiles, files: Files): readonly Problem[] {
  const names = envFiles.length > 0 ? envFiles : [DEFAULT_ENV_FILE];
  const found = names.filter(
    (name) => files.has(name) && !EXAMPLE.test(name) && /^[^#\n]*=/m.test(textOf(join(dir, name))),
  );
  return found.map((name) => {
    const message = `git tracks ${quote(name)}: everybody who gets the repository gets its values.`;
    const hint = `Run git rm --cached ${name}, add it to .gitignore, and set the values on Heroku: heroku config:set.`;
    return warning(name, message, hint);
  });
}

/** With core.ignorecase, git keeps the old spelling of a renamed file. */
function misspeltInGit({ dir }: AppFiles, files: Files): readonly Problem[] {
  const names = namesIn(dir);
  const spelt = [...files.keys()].find((path) => /^procfile$/i.test(path) && path !== 'Procfile');
  if (spelt === undefined || !names.includes('Procfile') || files.has('Procfile')) return [];
  const message = `git has ${quote(spelt)} instead of \`Procfile\`, and so would Heroku.`;
  return [errorAbout('Procfile', message, `Run: git mv --force ${spelt} Procfile`)];
}

/** Finds names that differ only in case. A file system that ignores case has room for one of them. */
function alike(files: Files): readonly Problem[] {
  const first = new Map<string, string>();
  const pairs: string[] = [];
  for (const path of files.keys()) {
    const key = path.toLowerCase();
    const other = first.get(key);
    if (other === undefined) first.set(key, path);
    else pairs.push(`${quote(other)} and ${quote(path)}`);
  }
  if (pairs.length === 0) return [];
  const more = pairs.length > 3 ? [`${pairs.length - 3} more pairs`] : [];
  const message = `${enumerate([...pairs.slice(0, 3), ...more])} differ only in case.`;
  return [warning('.', message, 'Rename one of them.')];
}

/** A file that a command runs by its path. */
function notExecutable({ report, scripts }: AppFiles, files: Files): readonly Problem[] {
  const paths = neededPrograms(report.processes, scripts).map(({ name }) => name.replace(/^(?:\.\/)+/, ''));
  const found = [...new Set(paths)].filter((path) => files.get(path) === '100644');
  return found.map((path) => {
    const message = `git has ${quote(path)} without the right to be run: on Heroku the command fails with "Permission denied".`;
    return errorAbout(path, message, `Run: git update-index --chmod=+x ${path}`);
  });
}

/** https://devcenter.heroku.com/articles/git: Heroku gets the pointers, not what they point to. */
function inLargeFileStorage({ dir }: AppFiles, files: Files): readonly Problem[] {
  if (!files.has('.gitattributes') || !existsSync(join(dir, '.gitattributes'))) return [];
  const lines = textOf(join(dir, '.gitattributes')).split('\n');
  const line = lines.findIndex((text) => /^[^#]*\sfilter=lfs\b/.test(text));
  if (line === -1) return [];
  const message = 'Git LFS keeps these files elsewhere: Heroku gets only pointers to them.';
  return [
    warning('.gitattributes', message, 'Keep them in git, or in a bucket that the app reads.', line + 1),
  ];
}
