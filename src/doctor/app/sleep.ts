import { formatSeconds } from '../../base/duration.js';
import { DYNO_SIZES } from '../../base/sizes.js';
import { type Answer, type AppQuestion, CannotTell, fail, pass, warn } from '../question.js';
import { type Activity, findActivity } from './activity.js';
import { isSlowBoot } from './boot.js';
import type { Patient } from './patient.js';
import type { Reply } from './request.js';
import type { Trial } from './trial.js';
import { firstReply } from './visit.js';

/** What a sleep has shown. */
export interface SleepReport {
  readonly before: Reply;
  /** The answer to the request that has woken the app. */
  readonly after: Reply;
  /** Whether every start of the app takes long, so that another question has warned of it. */
  readonly isSlowStarter: boolean;
  /** Something in the web process that a sleep interrupts. */
  readonly activity: Activity | undefined;
}

export const sleep: AppQuestion = {
  title: 'Answers after a sleep as before',
  why: 'On eco dynos an app without requests for 30 minutes sleeps: its processes end, and the next visitor waits for new ones.',
  link: 'https://devcenter.heroku.com/articles/eco-dyno-hours#dyno-sleeping',
  about: 'app',
  needs: ['answer'],
  async ask(trial) {
    requireSleep(trial);
    const patient = await trial.webPatient();
    const before = firstReply(await trial.visit('http'));
    await fallAsleep(trial, patient);
    const after = await askRouter(trial, patient);
    const boot = await trial.boot();
    return judgeSleep({
      before,
      after,
      isSlowStarter: boot.at === 'up' && isSlowBoot(boot.ms, trial.conditions.timeouts.boot),
      activity: findActivity(trial.subject.dir, trial.commandOf('web') ?? ''),
    });
  },
};

/** @throws CannotTell if the app never sleeps */
function requireSleep({ subject, conditions }: Trial): void {
  const size = subject.formation.get('web')?.size ?? 'Eco';
  if (!DYNO_SIZES[size].sleeps) throw new CannotTell(`${size} dynos do not sleep.`);
  if (!Number.isFinite(conditions.sleepAfterMs)) throw new CannotTell('It never sleeps.');
}

/** By the router, which wakes the app. */
function askRouter(trial: Trial, patient: Patient): Promise<Reply> {
  const { boot, request } = trial.conditions.timeouts;
  return patient.askRouter(trial.request(patient, { limitMs: boot + request }));
}

/** A little longer than it takes to fall asleep. */
const MARGIN_MS = 60_000;

/** @throws CannotTell if it stays awake */
async function fallAsleep({ conditions }: Trial, patient: Patient): Promise<void> {
  await patient.disturb(({ app }) => app.advance(conditions.sleepAfterMs + MARGIN_MS));
  const { state } = await patient.app.dyno('web.1');
  if (state !== 'idle') throw new CannotTell('It did not fall asleep: something kept it awake.');
}

/** Visitors leave, and monitors report an outage. The platform's own delay, 5 seconds or more, comes on top. */
const SLOW_MS = 10_000;

export function judgeSleep({ before, after, isSlowStarter, activity }: SleepReport): Answer {
  if (before.at !== 'answered') throw new CannotTell('It did not answer before the sleep.');
  if (after.at !== 'answered')
    return fail(
      'The first request after a sleep is not answered.',
      'See what its log says when it wakes: dynosim ps:wake.',
    );
  const seen = `The first request after a sleep is answered with ${after.status} after ${formatSeconds(after.headMs)}`;
  if (after.status !== before.status)
    return fail(
      `${seen}, and before it with ${before.status}.`,
      'Let a new process do all that the first one did: nothing in memory or in files outlives a sleep.',
    );
  if (activity) return judgeActivity(activity);
  if (after.headMs > SLOW_MS && !isSlowStarter)
    return warn(
      `${seen}, and the platform's own delay comes on top.`,
      'Start faster, or use dynos that do not sleep: --size basic.',
    );
  return pass(`${seen}.`);
}

const ACTIVITIES = {
  schedule: 'has a schedule',
  timer: 'has a timer',
  websockets: 'serves websockets',
} as const;

function judgeActivity({ file, line, kind, library }: Activity): Answer {
  const seen = `${file} line ${line} ${ACTIVITIES[kind]}${library === undefined ? '' : ` (${library})`}`;
  if (kind === 'websockets')
    return warn(
      `${seen}: clients are cut when the app falls asleep.`,
      'Let clients connect again, which wakes the app, or use dynos that do not sleep.',
    );
  return warn(
    `${seen}: nothing happens while the app sleeps.`,
    'Use the scheduler add-on, or a process type of its own on dynos that do not sleep.',
  );
}
