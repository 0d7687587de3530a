import { describe, expect, it } from 'vitest';
import { findLockProblems } from '../../../../src/config/check/lock-files.js';
import { makeFolder } from '../../../helpers/folder.js';

async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const problems = await findLockProblems(makeFolder(files));
  expect(problems.every(({ severity, topic }) => severity === 'error' && topic === 'files')).toBe(true);
  return problems.map(({ file, message }) => `${file}: ${message}`);
}

const json = (value: object): string => JSON.stringify(value);
const app = (dependencies: object, more: object = {}) => ({
  'package.json': json({ dependencies, ...more }),
});
const npmLock = (packages: Readonly<Record<string, object>>) => ({ 'package-lock.json': json({ packages }) });

describe('a lock file', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['is not needed without packages', { 'package.json': '{}' }],
    ['may be that of a workspace', app({ a: '*' }, { workspaces: ['b'] })],
    ['may be a shrinkwrap', { ...app({ a: '*' }), 'npm-shrinkwrap.json': '{}' }],
    ['may be in line', { ...app({ a: '^1.1.0' }), ...npmLock({ 'node_modules/a': { version: '1.2.0' } }) }],
    ['may link a folder', { ...app({ a: 'file:a' }), ...npmLock({ 'node_modules/a': { link: true } }) }],
    [
      'may have what no version is',
      { ...app({ a: 'github:x/a' }), ...npmLock({ 'node_modules/a': { version: '1.0.0' } }) },
    ],
    ['may be older than npm 7', { ...app({ a: '*' }), 'package-lock.json': '{"dependencies":{}}' }],
    ['may be damaged', { ...app({ a: '*' }), 'package-lock.json': '{' }],
    [
      'may have any version',
      { ...app({ a: '*' }), ...npmLock({ 'node_modules/a': { version: '1.0.0-rc.1' } }) },
    ],
    [
      'may be of Yarn 1',
      { ...app({ a: '^1.1.0' }), 'yarn.lock': 'a@^1.0.0, a@^1.1.0:\n  version "1.2.0"\n' },
    ],
    ['may be of Yarn 4', { ...app({ a: '^1.1.0' }), 'yarn.lock': '"a@npm:^1.1.0":\n  version: 1.2.0\n' }],
    ['may be of pnpm', { ...app({ a: '^1.1.0' }), 'pnpm-lock.yaml': '' }],
    [
      'is no matter of an app that another buildpack builds',
      { ...app({ a: '*' }), Gemfile: '', 'Gemfile.lock': '' },
    ],
    ['is no matter of a package.json that cannot be read', { 'package.json': '{' }],
    [
      'is no matter of a buildpack that does not take the app',
      { 'app.json': '{"buildpacks":[{"url":"heroku/ruby"}]}' },
    ],
    ['may be requirements.txt', { 'app.py': '', 'requirements.txt': '' }],
    ['of Python is no matter of a Node app', { 'package.json': '{}', 'requirements.txt': '', 'uv.lock': '' }],
  ])('%s', async (_, files) => {
    expect(await found(files)).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['is missing', app({ a: '*' }), /^package\.json: No lock file says/],
    [
      'is missing for packages of the build',
      { 'package.json': json({ devDependencies: { a: '1' } }) },
      /No lock file/,
    ],
    [
      'is of two tools',
      { ...app({}), 'package-lock.json': '', 'yarn.lock': '' },
      /^yarn\.lock: There are package-lock\.json and yarn\.lock: .* fails/,
    ],
    [
      'is beside a shrinkwrap',
      { ...app({}), 'npm-shrinkwrap.json': '', 'yarn.lock': '' },
      /There are yarn\.lock and npm-shrinkwrap/,
    ],
    [
      'lacks a package',
      { ...app({ a: '^1', b: '2' }), ...npmLock({ 'node_modules/a': { version: '1.0.0' } }) },
      /lacks `b`, and package\.json asks for `b@2`: "npm ci" fails/,
    ],
    [
      'has another version',
      { ...app({ a: '^2' }), ...npmLock({ 'node_modules/a': { version: '1.0.0' } }) },
      /has `a@1\.0\.0`, and package\.json asks for `a@\^2`/,
    ],
    [
      'of Yarn lacks a package',
      { ...app({ a: '^2.0.0' }), 'yarn.lock': 'a@^1.0.0:\n' },
      /^yarn\.lock: yarn\.lock lacks `a@\^2\.0\.0`/,
    ],
    ['of Pipenv is missing', { Pipfile: '' }, /^Pipfile: There is a Pipfile without Pipfile\.lock/],
    [
      'of Python is of two tools',
      { 'requirements.txt': '', 'uv.lock': '' },
      /There are requirements\.txt and uv\.lock/,
    ],
    [
      'of Python is missing',
      { 'app.py': '' },
      /neither Pipfile\.lock, requirements\.txt, poetry\.lock nor uv\.lock/,
    ],
    ['of Ruby is missing', { Gemfile: '' }, /Gemfile without Gemfile\.lock/],
    [
      'counts for the buildpacks of app.json',
      {
        'app.json': '{"buildpacks":[{"url":"https://github.com/heroku/heroku-buildpack-python"}]}',
        ...app({ a: '1' }),
        'app.py': '',
      },
      /neither Pipfile\.lock/,
    ],
  ])('%s', async (_, files, message) => {
    expect(await found(files)).toEqual([expect.stringMatching(message)]);
  });
});
