import { quote } from '../../base/wording.js';
import { type Answer, type AppQuestion, fail, pass, skip } from '../question.js';
import { type Blame, blameOf } from './blame.js';
import { endsIn } from './log.js';
import { missingVar } from './missing-var.js';
import type { Boot } from './observe-boot.js';

export const config: AppQuestion = {
  title: 'Starts with the config vars that are set',
  why: 'A dyno gets the config vars of its app and nothing else of your machine; a dyno that ends for a missing one is a crash (H10).',
  link: 'https://devcenter.heroku.com/articles/config-vars',
  about: 'app',
  needs: ['procfile'],
  unlessFailed: ['dependencies'],
  async ask(trial) {
    const seen = await trial.boot();
    const circumstances = trial.circumstances();
    const others = endsIn(trial.logs).flatMap(({ dyno, lastWords }): readonly Blame[] => {
      const name = missingVar(lastWords, circumstances.isSet);
      return name === undefined ? [] : [{ on: 'config', name, dyno }];
    });
    return judgeConfig(seen, blameOf(seen, circumstances) ?? others[0]);
  },
};

export function judgeConfig(seen: Boot, blame: Blame | undefined): Answer {
  if (blame?.on === 'config')
    return fail(
      `${blame.dyno} ends for want of ${quote(blame.name)}.`,
      `Set it: heroku config:set ${blame.name}=… there, and in .env here.`,
    );
  if (seen.at === 'up' || seen.at === 'started') return pass('It misses none.');
  return skip('It does not start, and its last lines name no config var.');
}
