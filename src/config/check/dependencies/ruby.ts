/** Judges programs by an app's Gemfile and Gemfile.lock. */

import { join } from 'node:path';
import { quote } from '../../../base/wording.js';
import { textOf } from '../../folder.js';
import { lockedGems } from '../../gemfile-lock.js';
import { type Judged, lineOf, lost, thereIn } from './judged.js';

/** Programs and the gems that bring them. */
const GEMS: Readonly<Record<string, readonly string[]>> = {
  puma: ['puma'],
  unicorn: ['unicorn'],
  thin: ['thin'],
  falcon: ['falcon'],
  iodine: ['iodine'],
  rackup: ['rackup', 'rack'],
  rails: ['railties'],
  sidekiq: ['sidekiq'],
  clockwork: ['clockwork'],
  good_job: ['good_job'],
  resque: ['resque'],
  shoryuken: ['shoryuken'],
  karafka: ['karafka'],
};

/** @returns undefined if it is not known to be one of a gem, or the app has no Gemfile.lock */
export function judgeGemProgram(name: string, by: string, dir: string): Judged | undefined {
  const gems = GEMS[name];
  const lock = textOf(join(dir, 'Gemfile.lock'));
  if (!gems || lock === '') return undefined;
  const why = `${quote(by)} starts ${quote(name)}`;
  const locked = lockedGems(lock);
  const found = gems.find((gem) => locked.has(gem));
  if (found === undefined) {
    const message = `${why}, but Gemfile.lock does not have the gem ${quote(gems[0] ?? name)}.`;
    return lost('Gemfile', 0, message, `Run: bundle add ${gems[0]}`);
  }
  const gemfile = textOf(join(dir, 'Gemfile'));
  if (!isForDevelopment(found, gemfile) || new RegExp(`^ {6}${found}\\b`, 'm').test(lock))
    return thereIn(found, 'Gemfile.lock');
  const message = `${why}, whose gem is only in the groups development or test: Heroku does not install it.`;
  return lost('Gemfile', lineOf(gemfile, `"${found}"`), message, 'Move it out of the group.');
}

/** Whether all lines that name a gem are in blocks such as `group :development do`, or say `group: :test`. */
function isForDevelopment(gem: string, gemfile: string): boolean {
  let block: string | undefined;
  const groups: (string | undefined)[] = [];
  for (const line of gemfile.split('\n')) {
    const [, indent, group] = /^(\s*)group\b(.*)\bdo\s*$/.exec(line) ?? [];
    if (group !== undefined && indent === '') block = group;
    else if (/^end\b/.test(line)) block = undefined;
    else if (new RegExp(`^\\s*gem\\s*\\(?\\s*["']${gem}["']`).test(line))
      groups.push(block ?? /groups?(?::|\s*=>)(.*)/.exec(line)?.[1]);
  }
  const isLeftOut = (group = ''): boolean =>
    /development|test/.test(group) && !/production|default/.test(group);
  return groups.length > 0 && groups.every(isLeftOut);
}
