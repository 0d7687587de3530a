import { normalize } from 'node:path';
import { namesIn } from '../../base/read.js';
import { enumerate, quote } from '../../base/wording.js';
import { listeners } from '../../config/check/listeners.js';
import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';
import { errorAbout, type Problem, warning } from '../../procfile/problem.js';
import { type FileQuestion, skip } from '../question.js';
import type { Subject } from '../subject.js';
import { answerOf, type Found } from './answer-of.js';
import { misnamedProcfile } from './misnamed.js';

/** https://devcenter.heroku.com/articles/procfile */
export const procfile: FileQuestion = {
  title: 'Heroku can read the Procfile',
  why: 'Heroku starts what the Procfile names, and nothing else; without a web type every request gets H14.',
  link: 'https://devcenter.heroku.com/articles/procfile',
  about: 'files',
  ask(subject) {
    const { dir, report, procfile: file } = subject;
    const misnamed = misnamedProcfile(namesIn(dir), report.processes.length > 0);
    if (misnamed !== undefined && normalize(file) === DEFAULT_PROCFILE)
      return skip(`There is no Procfile, only ${quote(misnamed)}: see "files".`);
    const own = report.problems
      .filter((problem) => problem.file === file && problem.topic === undefined)
      .map((problem) => ({ ...problem, hint: problem.hint ?? hintFor(problem) }));
    const web = lackOfWeb(subject);
    const problems = [...own, ...web.problems, ...otherFile(file)];
    return answerOf({ ...web, problems }, `It has ${enumerate(report.processes.map(({ type }) => type))}.`);
  },
};

/** Problems without a remedy of their own. */
function hintFor({ line }: Problem): string {
  return line === 0 ? 'Write a Procfile, with a line for each process type.' : 'See dynosim check.';
}

function otherFile(file: string): readonly Problem[] {
  if (normalize(file) === DEFAULT_PROCFILE) return [];
  return [warning(file, `Heroku does not read ${quote(file)}, but only \`Procfile\`.`, 'Rename it.')];
}

/** Apps without a web type are fine, unless they would listen. */
function lackOfWeb({ dir, procfile: file, report }: Subject): Required<Found> {
  const types = report.processes.filter(({ type }) => type !== 'release');
  if (types.length === 0 || types.some(({ type }) => type === 'web')) return { problems: [], unknown: [] };
  const { listening, unknown } = listeners(dir, types);
  const [first] = listening;
  if (first === undefined) {
    const names = enumerate(unknown.map(({ type }) => type));
    const reason = `There is no web type, and whether ${names} ${unknown.length > 1 ? 'listen' : 'listens'} is not known.`;
    return { problems: [], unknown: unknown.length > 0 ? [reason] : [] };
  }
  const message = `There is no web type, yet ${quote(first.type)} seems to listen: Heroku gives it no $PORT and sends it no requests.`;
  const hint = `Name it web: ${quote(`web: ${first.command}`)}`;
  return { problems: [errorAbout(file, message, hint, first.line)], unknown: [] };
}
