import type { TestApp } from '../../testing/test-app.js';
import { type Answer, type AppQuestion, CannotTell, fail, pass } from '../question.js';
import { type End, endsIn, lastWords, telling } from './log.js';
import { missingVar } from './missing-var.js';
import type { Patient } from './patient.js';
import type { Trial } from './trial.js';

/** A dyno that did not come back. */
export interface Lost {
  readonly dyno: string;
  /** What was done to it. */
  readonly after: string;
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
    await trial.patient();
    const crashed = crashIn(trial);
    if (crashed) return judgeCrash(crashed);
    let needsFreshDisk = false;
    for (const [after, act] of Object.entries(ACTS)) {
      const lost = await lostBy(await trial.patient(), after, act);
      if (lost && !(await startsAnew(trial, lost))) return judgeLost(lost);
      needsFreshDisk ||= lost !== undefined;
    }
    return judgeReturn(needsFreshDisk);
  },
};

/** What is done to an app. */
const ACTS: Readonly<Record<string, (app: TestApp, dynos: readonly string[]) => Promise<void>>> = {
  async 'kill -9'(app, dynos) {
    for (const dyno of dynos) await app.kill(dyno);
  },
  async 'two quick restarts'(app) {
    await app.restart();
    await app.restart();
  },
};

/** The first dyno besides web that has ended with an error by itself, unless "config" or "memory" says why. */
function crashIn(trial: Trial): End | undefined {
  const { isSet, killed } = trial.circumstances();
  return endsIn(trial.logs).find(
    ({ dyno, status, lastWords }) =>
      // Earlier questions have ended web dynos, and "boot" has seen these start.
      !dyno.startsWith('web.') &&
      dyno !== killed?.dyno &&
      status !== 0 &&
      missingVar(lastWords, isSet) === undefined,
  );
}

async function lostBy(
  patient: Patient,
  after: string,
  act: (app: TestApp, dynos: readonly string[]) => Promise<void>,
): Promise<Lost | undefined> {
  const { app } = patient;
  const dynos = (await app.dynos()).filter(({ state }) => state === 'up').map(({ name }) => name);
  await patient.disturb(() => act(app, dynos));
  await app.settled();
  const found = (await app.dynos()).find(({ name, state }) => dynos.includes(name) && state !== 'up');
  return found && { dyno: found.name, after, lastWords: lastWords(app.logs, found.name) };
}

/** Whether a lost dyno comes back on a fresh disk: what it has left in a file is gone then. */
async function startsAnew(trial: Trial, { dyno }: Lost): Promise<boolean> {
  try {
    const { app } = await trial.renew();
    await app.settled();
    return (await app.dyno(dyno)).state === 'up';
  } catch (error) {
    if (error instanceof CannotTell) return false;
    throw error;
  }
}

export function judgeCrash({ dyno, lastWords }: End): Answer {
  return fail(
    `${dyno} crashes${telling(lastWords) ?? ' without a word'}.`,
    'Mend what its last lines say; dynosim start shows them all.',
  );
}

export function judgeLost({ dyno, after, lastWords }: Lost): Answer {
  return fail(
    `${dyno} does not come back after ${after}${telling(lastWords) ?? ''}.`,
    'Do not rely on cleaning up at the end: let a lock that is kept in another service expire, and wait for it at the start.',
  );
}

/** @param needsFreshDisk whether a file that it has left would stop it */
export function judgeReturn(needsFreshDisk: boolean): Answer {
  const disk = needsFreshDisk ? ', because each start of a dyno has a fresh disk' : '';
  return pass(`It comes back after kill -9, and after two quick restarts${disk}.`);
}
