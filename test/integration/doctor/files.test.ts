import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trackedFiles } from '../../../src/base/programs.js';
import { files } from '../../../src/doctor/files/files.js';
import { subjectIn } from '../../helpers/doctor-subject.js';
import { makeFolder } from '../../helpers/folder.js';
import { GIT_ENV } from '../../helpers/git-env.js';

type Files = Readonly<Record<string, string>>;

const ENV = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' };
const APP = { Procfile: 'web: node web.js\n', 'web.js': '' };

/** A folder in git, its files added. */
function repository(content: Files, ...force: readonly string[]): string {
  const dir = makeFolder(content);
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: dir, env: { ...GIT_ENV, ...ENV } });
  git('init', '--quiet');
  git('add', '--all');
  if (force.length > 0) git('add', '--force', ...force);
  return dir;
}

async function ask(dir: string, shell: Files = ENV): Promise<string> {
  const { verdict, seen } = await files.ask(await subjectIn(dir, { shell }));
  return `${verdict}: ${seen}`;
}

describe('what git tracks', () => {
  it('is known of a folder below the root, by paths from there', async () => {
    const dir = repository({ 'app/a.txt': '', 'app/sub/b c.txt': '', 'other.txt': '' });
    const tracked = await trackedFiles(join(dir, 'app'), ENV);
    expect(tracked).toEqual({
      at: 'repository',
      files: new Map([
        ['a.txt', '100644'],
        ['sub/b c.txt', '100644'],
      ]),
    });
  });

  it('is nothing outside of a repository, and not known without git', async () => {
    const dir = makeFolder();
    expect(await trackedFiles(dir, ENV)).toEqual({ at: 'no repository' });
    expect(await trackedFiles(dir, { PATH: dir })).toEqual({ at: 'unknown', why: 'there is no git on PATH' });
  });

  it('is not known of a damaged repository', async () => {
    const dir = repository(APP);
    execFileSync('sh', ['-c', 'echo junk > .git/index'], { cwd: dir });
    expect(await trackedFiles(dir, ENV)).toMatchObject({
      at: 'unknown',
      why: expect.stringContaining('index file'),
    });
  });
});

describe('the question about files', () => {
  it('passes for an app in order', async () => {
    expect(await ask(repository({ ...APP, '.gitignore': '.env\n', '.env': 'A=1\n' }))).toMatch(/^pass: /);
  });

  it('warns of secrets in git', async () => {
    expect(await ask(repository({ ...APP, '.env': 'A=1\n' }))).toMatch(/^warn: git tracks `\.env`/);
  });

  it('fails if .gitignore leaves out what the app needs, unless it was added all the same', async () => {
    const content = { ...APP, '.gitignore': 'web.js\n' };
    expect(await ask(repository(content))).toMatch(/^fail: \.gitignore leaves out `web\.js`/);
    expect(await ask(repository(content, 'web.js'))).toMatch(/^pass: /);
  });

  it('does not guess without git', async () => {
    const dir = repository({ ...APP, '.env': 'A=1\n' });
    expect(await ask(dir, { PATH: dir })).toBe(
      'skip: What git tracks is not known: there is no git on PATH.',
    );
  });

  it('has an answer for any folder', async () => {
    const dir = makeFolder({
      'requirements.txt': '-r requirements.txt\n',
      Procfile: 'web: python a.py\n',
      'a.py': '',
    });
    symlinkSync('.', join(dir, 'loop'));
    symlinkSync('package.json', join(dir, 'package.json'));
    for (const name of ['.slugignore', '.gitignore', 'app.json', 'manage.py']) mkdirSync(join(dir, name));
    expect(await ask(dir)).toMatch(/^skip: package\.json cannot be read/);
  });
});
