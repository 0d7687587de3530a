import { formatDuration, formatSeconds } from '../../base/duration.js';
import { type Answer, type AppQuestion, fail, pass, skip, warn } from '../question.js';
import { isHostRefusal } from './host-refusal.js';
import type { Answered } from './request.js';
import { isAboutProtocol, lastReply, type Visit } from './visit.js';

export const answer: AppQuestion = {
  title: 'Answers requests',
  why: 'Visitors see what the app answers, and H12 if it does not answer within 30 seconds.',
  link: 'https://devcenter.heroku.com/articles/request-timeout',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const { path, timeouts } = trial.conditions;
    return judgeAnswer(await trial.visit('http'), path, timeouts.request);
  },
};

export function judgeAnswer(visit: Visit, path: string, limitMs: number): Answer {
  const reply = lastReply(visit);
  switch (reply.at) {
    case 'silent':
      return fail(
        `GET ${path} is not answered within ${formatDuration(limitMs)}.`,
        'Move slow work to a worker, and answer at once.',
      );
    case 'cut':
      return fail(`GET ${path} is not answered: ${reply.reason}.`, 'Mend what its log says at that moment.');
    default:
      return judgeStatus(visit, reply, path);
  }
}

const OTHER_PATH = 'If this page is not meant for everybody, name another one with --path.';

function judgeStatus(visit: Visit, reply: Answered, path: string): Answer {
  const seen = `GET ${path} is answered with ${reply.status} in ${formatSeconds(reply.ms)}.`;
  if (visit.isLoop && !isAboutProtocol(visit)) return warn(`GET ${path} redirects for ever.`, OTHER_PATH);
  if (reply.status >= 500) return fail(seen, 'Mend what its log says at that moment.');
  if (isHostRefusal(reply)) return skip('It refuses the name by which it is asked.');
  if (reply.status >= 400) return warn(seen, OTHER_PATH);
  return pass(seen);
}
