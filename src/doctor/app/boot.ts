import { formatDuration, formatSeconds } from '../../base/duration.js';
import { unreachable } from '../../base/errors.js';
import { type Answer, type AppQuestion, fail, pass, skip, warn } from '../question.js';
import { type Blame, blameOf } from './blame.js';
import { complaint, telling } from './log.js';
import type { Boot } from './observe-boot.js';

/** https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout */
export const boot: AppQuestion = {
  title: 'Listens soon enough after its start',
  why: 'A web dyno that does not listen on $PORT within 60 seconds is killed (R10), and visitors get H10 or H20.',
  link: 'https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout',
  about: 'app',
  needs: ['procfile'],
  unlessFailed: ['dependencies'],
  async ask(trial) {
    const seen = await trial.boot();
    return judgeBoot(seen, blameOf(seen, trial.circumstances()), trial.conditions.timeouts.boot);
  },
};

/** @param blame the question that names the cause, if it has not started */
export function judgeBoot(seen: Boot, blame: Blame | undefined, timeoutMs: number): Answer {
  if (blame && blame.on !== 'boot') return skip(`It does not start, and "${blame.on}" says why.`);
  switch (seen.at) {
    case 'started':
      return pass('There is no process type web, so nothing has to listen.');
    case 'up':
      return judgeTime(seen.ms, timeoutMs);
    case 'silent':
      return judgeSilence(seen);
    case 'ended':
      return fail(
        `${seen.dyno} ends with status ${seen.status}${telling(seen.lastWords) ?? ', and prints nothing'}.`,
        'Mend what its last lines say; dynosim start shows them all.',
      );
    case 'refused':
      return fail(`It cannot be started: ${seen.reason}.`, 'Mend it; dynosim start says the same.');
    default:
      return unreachable(seen);
  }
}

function judgeSilence({ afterMs, lastWords }: Extract<Boot, { at: 'silent' }>): Answer {
  const seen = `Nothing listens on $PORT ${formatDuration(afterMs)} after the start`;
  const words = complaint(lastWords);
  if (words !== undefined)
    return fail(`${seen}${words}.`, 'Mend what its log says; dynosim start shows all.');
  return fail(
    `${seen}.`,
    'Listen first, and do slow work afterwards; a program that serves no requests must not be called web.',
  );
}

/** Whether a boot is so long that it fails on a busy machine of Heroku's. */
export function isSlowBoot(ms: number, timeoutMs: number): boolean {
  return ms > timeoutMs / 2;
}

function judgeTime(ms: number, timeoutMs: number): Answer {
  const took = `It listens ${formatSeconds(ms)} after its start`;
  if (!isSlowBoot(ms, timeoutMs)) return pass(`${took}.`);
  return warn(
    `${took}; the limit is ${formatDuration(timeoutMs)}.`,
    'Build when you deploy instead of at the start, and do slow work after listening.',
  );
}
