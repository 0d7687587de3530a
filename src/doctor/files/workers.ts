import { enumerate, sentence } from '../../base/wording.js';
import { pass, type Question, warn } from '../question.js';

/** https://devcenter.heroku.com/articles/eco-dyno-hours */
export const workers: Question = {
  title: 'No process type depends on web traffic to run',
  why: 'On eco dynos every process type sleeps with web: jobs and schedules stand still until somebody asks for a page.',
  link: 'https://devcenter.heroku.com/articles/eco-dyno-hours#dyno-sleeping',
  about: 'files',
  needs: ['procfile'],
  ask({ report }) {
    const types = report.processes.map(({ type }) => type).filter((type) => type !== 'release');
    const others = types.filter((type) => type !== 'web');
    if (!types.includes('web') || others.length === 0) return pass('There are no process types besides web.');
    return warn(
      sentence(`${enumerate(others)} ${others.length === 1 ? 'sleeps' : 'sleep'} with web on eco dynos`),
      'Use basic or larger dynos for them, or the scheduler add-on for what is to run at certain times.',
    );
  },
};
