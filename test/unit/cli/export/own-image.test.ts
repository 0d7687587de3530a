import { expect, test } from 'vitest';
import { copiedSecrets } from '../../../../src/cli/export/own-image.js';
import { makeFolder } from '../../../helpers/folder.js';

test.each<[string, string | undefined, string | undefined]>([
  ['nothing', undefined, '.env, config/prod.vars and deploy/compose: add them'],
  ['env files', '.env*\n', 'config/prod.vars and deploy/compose: add them'],
  ['all but the exported files', '.env*\nconfig\n', 'deploy/compose: add it'],
  ['all of them', '.env*\nconfig/prod.vars\ndeploy/\n', undefined],
])('of an own Dockerfile, whose .dockerignore leaves out %s', (_, dockerignore, warned) => {
  const dir = makeFolder({
    '.env': '',
    ...(dockerignore !== undefined && { '.dockerignore': dockerignore }),
  });
  const envFiles = ['config/prod.vars', '../elsewhere.env'];
  const copied = copiedSecrets(dir, { envFiles }, { out: 'deploy/compose', context: '../..' });
  expect(copied).toEqual(
    warned === undefined ? [] : [`The build of your Dockerfile gets ${warned} to .dockerignore.`],
  );
});

test('exported files outside the folder of the app are in no image', () => {
  const places = { out: '../elsewhere', context: '../app' };
  expect(copiedSecrets(makeFolder(), { envFiles: [] }, places)).toEqual([]);
});
