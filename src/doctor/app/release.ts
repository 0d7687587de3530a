import { formatDuration } from '../../base/duration.js';
import { quote } from '../../base/wording.js';
import type { RunResult } from '../../testing/test-app.js';
import { type Answer, type AppQuestion, CannotTell, fail, pass } from '../question.js';
import { withoutCopy } from './copy.js';

/** How long the release command may take here. */
const LIMIT_MS = 2 * 60_000;

export const release: AppQuestion = {
  title: 'Its release command succeeds',
  why: 'A release whose command fails never goes live, and the code before it keeps running.',
  link: 'https://devcenter.heroku.com/articles/release-phase',
  about: 'app',
  needs: ['procfile'],
  unlessFailed: ['dependencies'],
  async ask(trial) {
    const command = trial.commandOf('release');
    if (command === undefined)
      throw new CannotTell('There is no process type release, so --release would run nothing.');
    if (!trial.conditions.runsRelease)
      throw new CannotTell('Not run, because it may change what is outside of the app: --release allows it.');
    const none = Object.fromEntries(Array.from(trial.subject.formation.keys(), (type) => [type, 0]));
    const patient = await trial.open({ formation: none });
    try {
      const result = await Promise.race([patient.app.run(command), patient.pause(LIMIT_MS)]);
      if (!result) throw new CannotTell(`It has not ended after ${formatDuration(LIMIT_MS)}.`);
      return judgeRelease(result);
    } finally {
      await patient.end();
    }
  },
};

export function judgeRelease({ status, output }: RunResult): Answer {
  if (status === 0) return pass('The release command succeeds.');
  const line = output
    .trim()
    .split(/\s*\n\s*/)
    .at(-1);
  return fail(
    `The release command ends with status ${status}${line ? `: ${quote(withoutCopy(line), 120)}` : ''}.`,
    'Mend what it says; it must work with the config vars alone.',
  );
}
