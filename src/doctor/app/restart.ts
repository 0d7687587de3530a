import { type Answer, type AppQuestion, fail, pass } from '../question.js';
import { endsIn, lastWords, telling } from './log.js';
import { missingVar } from './missing-var.js';
import type { Patient } from './patient.js';
import type { Trial } from './trial.js';

/** A dyno that has crashed, or did not come back. */
export interface Lost {
  readonly dyno: string;
  /** What was done to it. */
  readonly after: 'nothing' | 'kill -9' | 'two quick restarts';
  /** Oldest first. */
  readonly lastWords: readonly string[];
}

export const restart: AppQuestion = {
  title: 'Keeps running, and comes back after a kill and after quick restarts',
  why: 'Dynos restart at least once a day, at every deploy and change of config vars, and some are killed.',
  link: 'https://devcenter.heroku.com/articles/dyno-restarts',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const patient = await trial.patient();
    const crashed = crashIn(trial);
    if (crashed) return judgeRestart(crashed);
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

/** The first dyno besides web that has ended with an error by itself, unless "config" or "memory" says why. */
function crashIn(trial: Trial): Lost | undefined {
  const { isSet, killed } = trial.circumstances();
  const crash = endsIn(trial.logs).find(
    ({ dyno, status, lastWords }) =>
      // Earlier questions have ended web dynos, and "boot" has seen these start.
      !dyno.startsWith('web.') &&
      dyno !== killed?.dyno &&
      status !== 0 &&
      missingVar(lastWords, isSet) === undefined,
  );
  return crash && { dyno: crash.dyno, after: 'nothing', lastWords: crash.lastWords };
}

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
  if (lost.after === 'nothing')
    return fail(
      `${lost.dyno} crashes${telling(lost.lastWords) ?? ' without a word'}.`,
      'Mend what its last lines say; dynosim start shows them all.',
    );
  return fail(
    `${lost.dyno} does not come back after ${lost.after}${telling(lost.lastWords) ?? ''}.`,
    'Do not rely on cleaning up at the end: at the start, take over what an earlier process has left, such as a lock or a pid file.',
  );
}
