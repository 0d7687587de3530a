import { formatDuration } from '../../base/duration.js';
import { enumerate } from '../../base/wording.js';
import { type Answer, type AppQuestion, fail, pass } from '../question.js';
import type { LogEntries } from './log.js';

export const sigterm: AppQuestion = {
  title: 'Ends in time when it is told to stop',
  why: 'Dynos that have not ended 30 seconds after SIGTERM are killed (R12), whatever they are doing.',
  link: 'https://devcenter.heroku.com/articles/error-codes#r12-exit-timeout',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    await trial.end();
    return judgeSigterm(trial.logs, trial.conditions.timeouts.shutdown);
  },
};

export function judgeSigterm(logs: LogEntries, limitMs: number): Answer {
  const late = logs.filter(({ source, line }) => source === 'heroku' && line.startsWith('Error R12'));
  const dynos = [...new Set(late.map(({ dyno }) => dyno))];
  if (dynos.length === 0)
    return pass(`All processes have ended within ${formatDuration(limitMs)} of SIGTERM.`);
  return fail(
    `${enumerate(dynos)} had to be killed: a process was alive ${formatDuration(limitMs)} after SIGTERM.`,
    'Handle SIGTERM: finish what is under way, then exit.',
  );
}
