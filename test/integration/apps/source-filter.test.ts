import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceFilter } from '../../../src/apps/watch/source-filter.js';
import { makeFolder } from '../../helpers/folder.js';

/** Which of these count as sources; a name that ends in / is a folder. */
function sources(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
  { app = '.', only = [] as readonly string[], except = [] as readonly string[] } = {},
): readonly string[] {
  const dir = join(makeFolder(files), app);
  const filter = new SourceFilter({ dir, only, except: except.map((name) => join(dir, name)) });
  return names.filter((name) => !filter.leavesOut(join(dir, name.replace(/\/$/, '')), name.endsWith('/')));
}

describe('sources', () => {
  test('are not what others put into the folder, nor what editors leave', () => {
    const names = [
      'a.js',
      'src/',
      'node_modules/',
      '.venv/',
      '.git/',
      '4913',
      'a.js~',
      '.a.js.swp',
      '.#a.js',
      'dev.log',
    ];
    expect(sources({ 'a.js': '' }, names)).toEqual(['a.js', 'src/']);
  });

  test('do not include databases, or SQLite’s files next to them', () => {
    const names = [
      'db.sqlite3',
      'app.db',
      'app.db-wal',
      'x.sqlite-journal',
      'data-shm',
      'db.js',
      'db/',
      'db',
    ];
    expect(sources({}, names)).toEqual(['db.js', 'db/', 'db']);
  });

  test('are not what .gitignore names, in the folder or nearer to the file', () => {
    const files = { '.gitignore': '*.bin\nbuild/\n/top\n', 'lib/.gitignore': '!keep.bin\n*.out\n' };
    const names = [
      'a.bin',
      'build/',
      'build',
      'top',
      'lib/top',
      'lib/a.bin',
      'lib/keep.bin',
      'lib/a.out',
      'a.out',
    ];
    expect(sources(files, names)).toEqual(['build', 'lib/top', 'lib/keep.bin', 'a.out']);
  });

  test('are found where .gitignore is a named pipe', () => {
    const dir = makeFolder({ 'a.js': '' });
    execFileSync('mkfifo', [join(dir, '.gitignore')]);
    expect(new SourceFilter({ dir, only: [], except: [] }).leavesOut(join(dir, 'a.js'), false)).toBe(false);
  });

  test('of an app within a repository obey its rules too', () => {
    const files = { '.git/HEAD': '', '.gitignore': '*.db\n/apps/one/cache\n', 'apps/one/a.js': '' };
    expect(sources(files, ['a.js', 'a.db', 'cache', 'cache/'], { app: 'apps/one' })).toEqual(['a.js']);
  });

  test('of an app that git ignores as a whole are there all the same', () => {
    const files = { '.git/HEAD': '', '.gitignore': '/tmp\n', 'tmp/app/.gitignore': '*.db\n' };
    expect(sources(files, ['a.js', 'a.db'], { app: 'tmp/app' })).toEqual(['a.js']);
  });

  test('can be chosen, even some that git ignores; folders are looked into', () => {
    const files = { '.gitignore': 'dist\n' };
    const names = ['a.js', 'src/', 'src/a.js', 'src/a.css', 'dist/', 'dist/b.js', 'node_modules/'];
    expect(sources(files, names, { only: ['src/**/*.js', 'dist'] })).toEqual([
      'src/',
      'src/a.js',
      'dist/',
      'dist/b.js',
    ]);
  });

  test('do not include files that are watched for releases', () => {
    expect(sources({}, ['.env', 'Procfile', 'src/Procfile'], { except: ['.env', 'Procfile'] })).toEqual([
      'src/Procfile',
    ]);
  });
});
