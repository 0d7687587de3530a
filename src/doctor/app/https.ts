import { type Answer, type AppQuestion, pass, warn } from '../question.js';
import { isAboutProtocol, lastReply, type Visit } from './visit.js';

export const https: AppQuestion = {
  title: 'Recognizes https behind the router',
  why: 'The router speaks TLS, and dynos get plain http with X-Forwarded-Proto: an app that ignores it redirects to https for ever.',
  link: 'https://devcenter.heroku.com/articles/http-routing#heroku-headers',
  about: 'app',
  needs: ['answer'],
  async ask(trial) {
    return judgeHttps(await trial.visit('https'));
  },
};

const MEND =
  'Trust the proxy: app.set("trust proxy", 1) in Express, SECURE_PROXY_SSL_HEADER in Django, ProxyFix in Flask.';

export function judgeHttps(visit: Visit): Answer {
  const back = visit.hops.find(({ protocol, next }) => protocol === 'https' && next?.protocol === 'http');
  if (back) return warn(`Asked by https for ${back.path}, it redirects to http.`, MEND);
  if (isAboutProtocol(visit)) return warn('Asked by https, it redirects to https for ever.', MEND);
  const reply = lastReply(visit);
  return pass(
    `Asked by https, it answers${reply.at === 'answered' ? ` with ${reply.status}` : ' as by http'}.`,
  );
}
