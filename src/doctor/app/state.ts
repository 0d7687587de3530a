import { type Answer, type AppQuestion, CannotTell, pass, warn } from '../question.js';
import type { Patient } from './patient.js';
import type { Answered } from './request.js';
import type { Trial } from './trial.js';

/** One answer of one of two dynos to a visitor who keeps cookies. */
export interface Seen extends Pick<Answered, 'status' | 'body'> {
  readonly dyno: string;
  /** Cookies that were set to another value than the visitor had. */
  readonly lost: readonly string[];
}

/** Each dyno is asked twice before the other one: what changes with the dyno, and not with the request, is in its memory. */
const ROUNDS = 5;
/** Of a slow page, as many rounds as this are enough. */
const LEAST_ROUNDS = 2;
const ENOUGH_MS = 20_000;
const TURN = ['web.1', 'web.1', 'web.2', 'web.2'] as const;

export const state: AppQuestion = {
  title: 'Keeps sessions and values where every dyno finds them',
  why: 'The router sends each request to any of the dynos, and restarts empty their memory.',
  link: 'https://devcenter.heroku.com/articles/session-affinity',
  about: 'app',
  needs: ['answer'],
  async ask(trial) {
    const patient = await trial.webPatient();
    await patient.disturb(({ app }) => app.scale({ web: 2 }));
    await patient.app.up('web').catch(() => {
      throw new CannotTell('Two web dynos do not run beside each other.');
    });
    return judgeState(await visitInTurn(trial, patient));
  },
};

/**
 * Asks both dynos in turn, as a visitor who keeps cookies.
 * @throws CannotTell unless each request is answered
 */
async function visitInTurn(trial: Trial, patient: Patient): Promise<readonly Seen[]> {
  const jar = new Map<string, string>();
  const seen: Seen[] = [];
  const enough = trial.clock.now() + ENOUGH_MS;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round >= LEAST_ROUNDS && trial.clock.now() > enough) break;
    for (const dyno of TURN) {
      const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
      const reply = await patient.askDyno(dyno, trial.request(patient, { protocol: 'https', cookie }));
      if (reply.at !== 'answered') throw new CannotTell(`${dyno} does not answer every request.`);
      if (!reply.isWhole) throw new CannotTell('Its answers do not end by themselves.');
      seen.push({ dyno, status: reply.status, body: reply.body, lost: keep(jar, reply.cookies) });
    }
  }
  return seen;
}

/** Keeps cookies; returns the names of those that had another value. */
function keep(jar: Map<string, string>, cookies: readonly string[]): readonly string[] {
  const changed: string[] = [];
  for (const cookie of cookies) {
    const [name = '', ...value] = cookie.split('=');
    if (jar.has(name) && jar.get(name) !== value.join('=')) changed.push(name);
    jar.set(name, value.join('='));
  }
  return changed;
}

/** @param seen in the order of the requests */
export function judgeState(seen: readonly Seen[]): Answer {
  const mend = 'Keep sessions in signed cookies, or with everything else in a database or Redis.';
  const session = lostSession(seen);
  if (session !== undefined)
    return warn(`The cookie ${session} is lost whenever the other dyno answers.`, mend);
  const statuses = statusesByDyno(seen);
  if (statuses) return warn(`One dyno answers with ${statuses[0]}, the other with ${statuses[1]}.`, mend);
  if (hasCounter(seen))
    return warn('Each dyno counts for itself: a number in its answers is in its memory.', mend);
  return pass('Two dynos answer a visitor alike.');
}

/** Whether another dyno has answered the request before. */
function isSwitch(seen: readonly Seen[], index: number): boolean {
  return seen[index - 1]?.dyno !== seen[index]?.dyno;
}

/** A cookie that is set anew by each dyno that did not set it, and never by the one that did. */
function lostSession(seen: readonly Seen[]): string | undefined {
  const names = new Set(seen.flatMap(({ lost }) => lost));
  return [...names].find((name) =>
    seen.every(({ lost }, index) => index === 0 || lost.includes(name) === isSwitch(seen, index)),
  );
}

/** The two statuses, if each dyno always has one of its own. */
function statusesByDyno(seen: readonly Seen[]): readonly [number, number] | undefined {
  const of = (dyno: string) => [
    ...new Set(seen.filter((one) => one.dyno === dyno).map(({ status }) => status)),
  ];
  const [[one, ...more], [other, ...others]] = [of('web.1'), of('web.2')];
  if (one === undefined || other === undefined || one === other) return undefined;
  return more.length + others.length === 0 ? [one, other] : undefined;
}

const NUMBERS = /\d+/g;

/** Whether a number in the answers of each dyno goes up by one each time that this dyno answers. */
function hasCounter(seen: readonly Seen[]): boolean {
  const count = Math.max(0, ...seen.map(({ body }) => body.match(NUMBERS)?.length ?? 0));
  return Array.from({ length: count }, (_, position) => position).some((position) =>
    ['web.1', 'web.2'].every((dyno) => {
      const values = seen
        .filter((one) => one.dyno === dyno)
        .map(({ body }) => Number(body.match(NUMBERS)?.[position] ?? Number.NaN));
      return values.every((value, index) => index === 0 || value === (values[index - 1] ?? Number.NaN) + 1);
    }),
  );
}
