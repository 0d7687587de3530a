import { enumerate, printable } from '../../base/wording.js';
import { type Answer, type AppQuestion, pass, warn } from '../question.js';
import type { Written } from './written.js';

export const disk: AppQuestion = {
  title: 'Keeps nothing in files',
  why: 'What a dyno writes is gone when it restarts, at least once a day, and no other dyno sees it.',
  link: 'https://devcenter.heroku.com/articles/dynos#ephemeral-filesystem',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    await trial.end();
    return judgeDisk(trial.written);
  },
};

const MOST_NAMED = 5;

export function judgeDisk(written: readonly Written[]): Answer {
  const isDatabase = new Map(written.map((one) => [one.file, one.isDatabase]));
  if (isDatabase.size === 0) return pass('It has written no file that a restart would lose.');
  const names = Array.from(isDatabase, ([file, is]) => `${printable(file)}${is ? ' (SQLite)' : ''}`).sort();
  const more = names.length - MOST_NAMED;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`] : names;
  const hasDatabase = [...isDatabase.values()].includes(true);
  return warn(
    `A restart would lose ${enumerate(shown)}.`,
    hasDatabase
      ? 'Use a database that is a service, such as the add-on heroku-postgresql.'
      : 'Keep uploads in an object store, and data in a database; what may be lost belongs in tmp/.',
  );
}
