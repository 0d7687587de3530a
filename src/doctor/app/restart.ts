import { type Answer, type AppQuestion, fail, pass } from '../question.js';
import { lastWords, telling } from './log.js';
import type { Patient } from './patient.js';

/** A dyno that did not come back. */
export interface Lost {
  readonly dyno: string;
  /** What was done to it. */
  readonly after: 'kill -9' | 'two quick restarts';
  /** Oldest first. */
  readonly lastWords: readonly string[];
}

export const restart: AppQuestion = {
  title: 'Comes back after a kill and after quick restarts',
  why: 'Dynos restart at least once a day, at every deploy and change of config vars, and some are killed.',
  link: 'https://devcenter.heroku.com/articles/dyno-restarts',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const patient = await trial.patient();
    const dynos = (await patient.app.dynos()).filter(({ state }) => state === 'up').map(({ name }) => name);
    const killed = await lostBy(patient, 'kill -9', dynos, async ({ app }) => {
      for (const dyno of dynos) await app.kill(dyno);
    });
    if (killed) return judgeRestart(killed);
    const restarted = await lostBy(patient, 'two quick restarts', dynos, async ({ app }) => {
      await app.restart();
      await app.restart();
    });
    return judgeRestart(restarted);
  },
};

async function lostBy(
  patient: Patient,
  after: Lost['after'],
  dynos: readonly string[],
  act: (patient: Patient) => Promise<void>,
): Promise<Lost | undefined> {
  await patient.disturb(act);
  await patient.app.settled();
  const found = (await patient.app.dynos()).find(({ name, state }) => dynos.includes(name) && state !== 'up');
  return found && { dyno: found.name, after, lastWords: lastWords(patient.app.logs, found.name) };
}

export function judgeRestart(lost: Lost | undefined): Answer {
  if (!lost) return pass('It comes back after kill -9, and after two quick restarts.');
  return fail(
    `${lost.dyno} does not come back after ${lost.after}${telling(lost.lastWords) ?? ''}.`,
    'Do not rely on cleaning up at the end: at the start, take over what an earlier process has left, such as a lock or a pid file.',
  );
}
