import { type Answer, type AppQuestion, CannotTell, fail, pass } from '../question.js';
import type { Listener } from './request.js';

export const networkInterface: AppQuestion = {
  title: 'Listens on every network interface',
  why: 'The router is another machine: it cannot reach a program that listens on loopback only, and the dyno ends with R10.',
  link: 'https://devcenter.heroku.com/articles/error-codes#r10-boot-timeout',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const patient = await trial.webPatient();
    return judgeInterface(await patient.listenerOf('web.1'));
  },
};

/** @throws CannotTell */
export function judgeInterface({ host, isLoopback }: Listener & { readonly isLoopback?: boolean }): Answer {
  if (isLoopback === undefined) throw new CannotTell('This system does not tell where a program listens.');
  if (!isLoopback) return pass('It listens on every network interface.');
  return fail(`It listens on ${host} only.`, 'Bind 0.0.0.0, or name no address at all.');
}
