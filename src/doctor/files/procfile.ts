import { enumerate } from '../../base/wording.js';
import { fail, pass, type Question, warn } from '../question.js';

export const procfile: Question = {
  title: 'Heroku can read the Procfile',
  why: 'Heroku starts what the Procfile names, and nothing else; without a web type every request gets H14.',
  link: 'https://devcenter.heroku.com/articles/procfile',
  about: 'files',
  ask({ procfile: file, report }) {
    const problems = report.problems.filter((problem) => problem.file === file);
    const [worst] = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
    if (!worst) return pass(`It has ${enumerate(report.processes.map(({ type }) => type))}.`);
    const place = worst.line > 0 ? `${file} line ${worst.line}: ` : '';
    const judge = worst.severity === 'error' ? fail : warn;
    return judge(`${place}${worst.message}`, worst.hint ?? 'See all of it: dynosim check.');
  },
};
