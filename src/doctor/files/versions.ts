import { namesIn } from '../../base/read.js';
import { enumerate } from '../../base/wording.js';
import type { FileQuestion } from '../question.js';
import { answerOf } from './answer-of.js';

/** https://devcenter.heroku.com/articles/nodejs-support#specifying-a-node-js-version */
export const versions: FileQuestion = {
  title: 'Heroku and this machine have the versions that the app asks for',
  why: 'What runs on Heroku is then not what was tried here, or nothing runs there at all.',
  link: 'https://devcenter.heroku.com/categories/language-support',
  about: 'files',
  ask: ({ dir, report }) => {
    const problems = report.problems.filter(({ topic }) => topic === 'versions');
    const unknown = report.problems.filter(({ topic }) => topic === 'reading').map(({ message }) => message);
    const named = namesIn(dir).filter((name) => VERSION_FILES.test(name));
    return answerOf(
      { problems, unknown },
      named.length > 0
        ? `Nothing in ${enumerate(named)} asks for another version than those here.`
        : 'The app asks for no version: Heroku takes its own defaults.',
    );
  },
};

const VERSION_FILES = /^(?:package\.json|\.python-version|runtime\.txt|Gemfile|system\.properties)$/;
