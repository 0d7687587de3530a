import { trackedFiles } from '../../base/programs.js';
import { namesIn } from '../../base/read.js';
import { quote } from '../../base/wording.js';
import { readImports } from '../../config/check/dependencies/imports.js';
import { neededPrograms, nodeEntries } from '../../config/check/dependencies/needed.js';
import { findLockProblems } from '../../config/check/lock-files.js';
import { scriptsOf } from '../../config/check/scripts-of.js';
import { errorAbout, type Problem, warning } from '../../procfile/problem.js';
import type { FileQuestion } from '../question.js';
import type { Subject } from '../subject.js';
import { answerOf } from './answer-of.js';
import { findGitProblems } from './git-problems.js';
import { findLeftOut } from './left-out.js';
import { misnamedProcfile } from './misnamed.js';
import { findSettingsProblems } from './settings.js';
import { findStored } from './stored.js';

/** https://devcenter.heroku.com/articles/slug-compiler */
export const files: FileQuestion = {
  title: 'Heroku gets the files that the app needs, under the right names',
  why: 'Heroku builds what git has, without what .slugignore names, on a file system that knows case; what a dyno writes is gone when it restarts.',
  link: 'https://devcenter.heroku.com/articles/slug-compiler',
  about: 'files',
  async ask(subject) {
    const { dir, shell, report } = subject;
    const env = { PATH: shell.PATH ?? '', HOME: shell.HOME ?? '' };
    const tracked = await trackedFiles(dir, env);
    const scripts = scriptsOf(dir);
    const entries = nodeEntries(neededPrograms(report.processes, scripts)).map(({ file }) => file);
    const app = { ...subject, tracked, scripts, sources: readImports(dir, entries) };
    const stored = findStored(app);
    const problems = [
      ...misnamed(subject),
      ...(await findLockProblems(dir)),
      ...findLeftOut(app),
      ...findGitProblems(app),
      ...app.sources.misspelt.map(({ file, line, specifier, actual }) => {
        const message = `This imports ${quote(specifier)}, but the file is ${quote(actual)}: Heroku's file system knows case.`;
        return warning(file, message, 'Write it as the file is written.', line);
      }),
      ...findSettingsProblems(app),
      ...stored.problems,
    ];
    const unreadable = report.problems.filter(({ topic }) => topic === 'reading');
    const unknown = [...unreadable.map(({ message }) => message), ...stored.unknown];
    if (tracked.at === 'unknown') unknown.push(`What git tracks is not known: ${tracked.why}.`);
    const count = report.processes.length === 0 ? '' : ' that the commands name';
    return answerOf({ problems, unknown }, `Nothing is left out or misnamed of the files${count}.`);
  },
};

function misnamed({ dir, report }: Subject): readonly Problem[] {
  const name = misnamedProcfile(namesIn(dir), report.processes.length > 0);
  if (name === undefined) return [];
  const message = `There is ${quote(name)}, but Heroku reads only \`Procfile\`.`;
  return [errorAbout(name, message, `Rename it: mv ${name} Procfile`)];
}
