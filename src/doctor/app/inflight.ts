import { formatSeconds } from '../../base/duration.js';
import { type Answer, type AppQuestion, CannotTell, fail, pass } from '../question.js';
import type { Reply } from './request.js';

/** A request that is answered sooner is hardly ever under way when a dyno is told to stop. */
const SLOW_MS = 500;

/** How much longer than before the answer may take. */
const PATIENCE = 3;
const PATIENCE_MS = 5000;

export const inflight: AppQuestion = {
  title: 'Finishes the requests under way when it is told to stop',
  why: 'Every deploy and every day, dynos get SIGTERM with requests under way; those that are cut are H13 or H18 errors.',
  link: 'https://devcenter.heroku.com/articles/dynos#graceful-shutdown-with-sigterm',
  about: 'app',
  needs: ['answer'],
  async ask(trial) {
    const patient = await trial.webPatient();
    // The first answer takes longer than later ones.
    await trial.askWeb(patient);
    const usual = await trial.askWeb(patient);
    if (usual.at !== 'answered' || !usual.isWhole)
      throw new CannotTell('Its answers do not end by themselves.');
    const { ms } = usual;
    if (ms < SLOW_MS)
      throw new CannotTell(
        `${trial.conditions.path} is answered in ${formatSeconds(ms)}: name a page that takes 0.5 s or longer with --path.`,
      );
    const asked = trial.askWeb(patient, { bodyMs: ms * PATIENCE + PATIENCE_MS });
    const isOver = await Promise.race([asked.then(() => true), patient.pause(ms / 2).then(() => false)]);
    if (isOver)
      throw new CannotTell(
        'The page is answered faster than before, and so before the dyno could be stopped.',
      );
    await patient.disturb(({ app }) => app.restart('web'));
    return judgeInflight(await asked);
  },
};

/** @param reply to a request that was under way when its dyno was told to stop */
export function judgeInflight(reply: Reply): Answer {
  const mend = 'On SIGTERM take no new requests, finish those under way, then exit: server.close() in Node.';
  if (reply.at === 'cut') return fail(`A request under way at SIGTERM is cut: ${reply.reason}.`, mend);
  if (reply.at === 'silent' || !reply.isWhole)
    return fail('A request under way at SIGTERM is never answered.', mend);
  if (reply.status >= 500)
    return fail(`A request under way at SIGTERM is answered with ${reply.status}.`, mend);
  return pass(`A request under way at SIGTERM is answered with ${reply.status}.`);
}
