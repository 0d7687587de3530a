import { enumerate } from '../../base/wording.js';
import { type Answer, type AppQuestion, fail, pass, skip } from '../question.js';
import { type Blame, blameOf } from './blame.js';
import type { Boot } from './observe-boot.js';

export const port: AppQuestion = {
  title: 'Listens on $PORT',
  why: 'The router sends requests to $PORT, which differs from start to start, and nowhere else.',
  link: 'https://devcenter.heroku.com/articles/runtime-principles#web-servers',
  about: 'app',
  needs: ['procfile'],
  unlessFailed: ['dependencies'],
  async ask(trial) {
    const seen = await trial.boot();
    return judgePort(seen, blameOf(seen, trial.circumstances()));
  },
};

export function judgePort(seen: Boot, blame: Blame | undefined): Answer {
  if (seen.at === 'up') return pass('It listens on $PORT.');
  if (seen.at === 'started') return skip('There is no process type web.');
  if (blame?.on !== 'port') return skip(seen.at === 'silent' ? 'It listens nowhere.' : 'It does not start.');
  return fail(
    `It uses port ${enumerate(blame.ports.map(String))} instead of $PORT.`,
    'Read the port from the environment variable PORT.',
  );
}
