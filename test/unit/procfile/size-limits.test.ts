import { expect, test } from 'vitest';
import type { DynoSizeName } from '../../../src/base/sizes.js';
import { findSizeProblems } from '../../../src/procfile/size-limits.js';

/** `web=2:Eco worker=1:Basic` */
function problems(text: string): readonly string[] {
  const entries = text.split(' ').map((entry) => {
    const [, type = '', quantity, size] = /^(\w+)=(\d+):(.+)$/.exec(entry) ?? [];
    return [type, { quantity: Number(quantity), size: size as DynoSizeName }] as const;
  });
  return findSizeProblems(new Map(entries));
}

test.each([
  'web=1:Eco worker=1:Eco',
  'web=1:Eco worker=1:Eco clock=0:Eco',
  'web=1:Basic worker=1:Basic clock=1:Basic',
  'web=60:Standard-1X worker=40:Standard-2X',
  'web=10:Performance-M worker=10:Performance-L other=5:Standard-1X',
  'web=0:Eco worker=3:Standard-1X',
])('Heroku runs %s', (formation) => {
  expect(problems(formation)).toEqual([]);
});

test.each([
  ['web=2:Eco', ['Cannot update to more than 1 Eco size dynos per process type.']],
  ['web=2:Basic', ['Cannot update to more than 1 Basic size dynos per process type.']],
  ['web=11:Performance-M', ['Cannot update to more than 10 Performance-M size dynos per process type.']],
  ['web=1:Eco worker=1:Eco clock=1:Eco', ['Cannot run more than 2 Eco size dynos at the same time.']],
  ['web=1:Eco worker=1:Basic', ['Cannot mix Eco and Basic dynos in one app: all or none must be Eco.']],
  [
    'web=1:Standard-1X worker=1:Basic',
    ['Cannot mix Standard-1X and Basic dynos in one app: all or none must be Basic.'],
  ],
  ['web=60:Standard-1X worker=41:Standard-1X', ['Cannot run more than 100 dynos in one app.']],
])('Heroku refuses %s', (formation, expected) => {
  expect(problems(formation)).toEqual(expected);
});
