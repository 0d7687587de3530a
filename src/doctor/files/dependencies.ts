import { sentence } from '../../base/wording.js';
import { findDependencies } from '../../config/check/dependencies/index.js';
import { type FileQuestion, skip } from '../question.js';
import { answerOf } from './answer-of.js';

/** https://devcenter.heroku.com/articles/nodejs-support#skip-pruning */
export const dependencies: FileQuestion = {
  title: 'What the commands start is among the dependencies',
  why: 'A dyno has what the build installs from the lists of dependencies, without those for development: a program or package that is missing there ends the dyno at once.',
  link: 'https://devcenter.heroku.com/articles/nodejs-support#skip-pruning',
  about: 'files',
  ask({ dir, report, configVars }) {
    if (report.processes.length === 0) return skip('There is no command that could be read.');
    const { there, ...found } = findDependencies(dir, report.processes, configVars);
    const [first, ...others] = there;
    const more = others.length > 0 ? `, and ${others.length} more like it` : '';
    const seen = first === undefined ? 'The commands need no packages' : `${first}${more}`;
    return answerOf(found, first === undefined ? sentence(seen) : `${seen}.`);
  },
};
