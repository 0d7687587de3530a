import { type Answer, type AppQuestion, CannotTell, fail, pass } from '../question.js';
import { isHostRefusal } from './host-refusal.js';
import type { Reply } from './request.js';

/** As Heroku names an app. */
const FOREIGN = 'my-app-0123456789ab.herokuapp.com';

export const host: AppQuestion = {
  title: 'Answers under the name that Heroku gives it',
  why: 'Heroku gives an app a name that its code has never heard of, and every request under it would be refused.',
  link: 'https://devcenter.heroku.com/articles/custom-domains',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const patient = await trial.webPatient();
    const ask = (name: string) =>
      patient.askDyno('web.1', trial.request(patient, { host: name, protocol: 'https' }));
    const own = await ask(patient.host);
    if (own.at !== 'answered') throw new CannotTell('It answers no request, whatever the name.');
    return judgeHost(own, await ask(FOREIGN));
  },
};

const MEND =
  'Allow the name: ALLOWED_HOSTS in Django, config.hosts in Rails, allowedHosts in Vite; or take it from a config var.';

/**
 * @param own the answer under `localhost`
 * @param foreign the answer under a name of Heroku's
 */
export function judgeHost(own: Reply, foreign: Reply): Answer {
  const seen = `Asked for ${FOREIGN}, it`;
  if (isHostRefusal(foreign)) return fail(`${seen} refuses that name.`, MEND);
  if (own.at !== 'answered' || own.status >= 400)
    throw new CannotTell('It answers no request, so nothing tells whether it is for the name.');
  if (foreign.at !== 'answered') return fail(`${seen} does not answer.`, MEND);
  if (foreign.status >= 400)
    return fail(`${seen} answers with ${foreign.status} instead of ${own.status}.`, MEND);
  return pass(`${seen} answers with ${foreign.status}.`);
}
