import { DYNO_SIZES } from '../../base/sizes.js';
import { enumerate } from '../../base/wording.js';
import { type Problem, warning } from '../../procfile/problem.js';
import { type FileQuestion, skip } from '../question.js';
import type { Subject } from '../subject.js';
import { answerOf } from './answer-of.js';

/** https://devcenter.heroku.com/articles/eco-dyno-hours */
export const workers: FileQuestion = {
  title: 'No process type depends on web traffic, or runs twice what should run once',
  why: 'On eco dynos every process type sleeps with web: jobs and schedules stand still until somebody asks for a page.',
  link: 'https://devcenter.heroku.com/articles/eco-dyno-hours#dyno-sleeping',
  about: 'files',
  ask(subject) {
    if (subject.formation.size === 0) return skip('There are no process types that could be read.');
    const others = [...subject.formation.keys()].filter((type) => type !== 'web');
    const seen =
      others.length === 0
        ? 'There are no process types besides web.'
        : `${enumerate(others)} ${others.length > 1 ? 'do' : 'does'} not sleep.`;
    return answerOf({ problems: [...sleepers(subject), ...doubled(subject)] }, seen);
  },
};

/** An app sleeps if, and only if, its web type is eco. */
function sleepers({ formation, procfile, report }: Subject): readonly Problem[] {
  const web = formation.get('web');
  const types = Array.from(formation, ([type, { quantity }]) => ({ type, quantity }))
    .filter(({ type, quantity }) => type !== 'web' && quantity > 0)
    .map(({ type }) => type);
  if (!web || !DYNO_SIZES[web.size].sleeps || types.length === 0) return [];
  const line = report.processes.find(({ type }) => type === types[0])?.line ?? 0;
  const message = `${enumerate(types)} ${types.length === 1 ? 'sleeps' : 'sleep'} with web on eco dynos.`;
  const hint =
    'Use basic or larger dynos (--size basic here), or run what is to run at certain times with the scheduler add-on.';
  return [warning(procfile, message, hint, line)];
}

/** Names of types, and commands, that do something at certain times. */
const CLOCK = /^(?:clock|cron|scheduler?|beat)$/i;
const CLOCK_COMMAND = /\bcelery\b.*\bbeat\b|\bclockwork\b|\brufus\b|\bapscheduler\b/;

function doubled({ formation, procfile, report }: Subject): readonly Problem[] {
  const clocks = report.processes.filter(
    ({ type, command }) => CLOCK.test(type) || CLOCK_COMMAND.test(command),
  );
  return clocks.flatMap(({ type, line }) => {
    const quantity = formation.get(type)?.quantity ?? 0;
    if (quantity < 2) return [];
    const message = `${type} has ${quantity} dynos, and each does everything that is due.`;
    return [warning(procfile, message, `Scale it to one: ps:scale ${type}=1`, line)];
  });
}
