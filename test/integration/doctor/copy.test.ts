import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPrograms } from '../../../src/base/process.js';
import { copyApp, removeLeftCopies } from '../../../src/doctor/app/copy.js';
import { takeSnapshot, writtenSince } from '../../../src/doctor/app/written.js';
import { makeFolder } from '../../helpers/folder.js';

const programs = await loadPrograms();
const { signal } = new AbortController();

test('a copy has everything except the repository', async () => {
  const dir = makeFolder({
    'web.js': 'x',
    'node_modules/.bin/a': 'y',
    '.env': 'A=1',
    '.git/HEAD': 'z',
    'empty/': '',
  });
  symlinkSync('web.js', join(dir, 'link.js'));
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  const tmp = makeFolder();
  const copy = await copyApp(dir, tmp, programs, signal);
  expect(readdirSync(copy.dir).sort()).toEqual([
    '.env',
    'empty',
    'link.js',
    'node_modules',
    'pipe',
    'web.js',
  ]);
  expect(readFileSync(join(copy.dir, 'node_modules/.bin/a'), 'utf8')).toBe('y');
  await copy.remove();
  expect(readdirSync(tmp)).toEqual([]);
});

test('a copy sees the modules and the package of the folders above, up to the repository', async () => {
  const root = makeFolder({
    'package.json': 'outside',
    'repo/.git/HEAD': '',
    'repo/package.json': '{ "type": "module" }',
    'repo/node_modules/dep/index.js': 'export default 1;',
    'repo/apps/one/web.js': "import dep from 'dep'; console.log(dep);",
  });
  const copy = await copyApp(join(root, 'repo/apps/one'), makeFolder(), programs, signal);
  expect(execFileSync('node', [join(copy.dir, 'web.js')], { encoding: 'utf8' })).toBe('1\n');
  expect(readFileSync(join(copy.dir, '../../../package.json'), 'utf8')).toBe('{ "type": "module" }');
  expect(existsSync(join(copy.dir, '../../../../package.json'))).toBe(false);
  await copy.remove();
  expect(readFileSync(join(root, 'repo/node_modules/dep/index.js'), 'utf8')).toBe('export default 1;');
});

test('a folder that cannot be copied is an error of one line, and leaves nothing', async () => {
  const tmp = makeFolder();
  const full = { status: 1, stdout: '', stderr: 'cp: a: No space left on device\n', failure: undefined };
  const failing = {
    ...programs,
    run: () => ({ finished: Promise.resolve(full), kill: () => {}, pid: undefined }),
  };
  const dir = makeFolder({ a: 'x' });
  await expect(copyApp(dir, tmp, failing, signal)).rejects.toThrow(/: cp: a: No space left on device$/);
  expect(readdirSync(tmp)).toEqual([]);
  const controller = new AbortController();
  const copying = copyApp(dir, tmp, programs, controller.signal);
  controller.abort();
  await expect(copying).rejects.toThrow('aborted');
  expect(readdirSync(tmp)).toEqual([]);
});

test('copies that a killed examination has left are removed later', async () => {
  const tmp = makeFolder({ 'dynosim-doctor-old/a/b': '', 'dynosim-doctor-new/a': '', 'other/a': '' });
  const hour = 3600;
  const { mtimeMs } = statSync(tmp);
  utimesSync(join(tmp, 'dynosim-doctor-old'), mtimeMs / 1000 - 2 * hour, mtimeMs / 1000 - 2 * hour);
  utimesSync(join(tmp, 'other'), 0, 0);
  await removeLeftCopies(tmp, mtimeMs);
  expect(readdirSync(tmp).sort()).toEqual(['dynosim-doctor-new', 'other']);
});

test('what was written is named, except what nobody misses', async () => {
  const dir = makeFolder({ 'web.js': 'x', 'data/old.txt': 'x' });
  const before = await takeSnapshot(dir);
  for (const folder of ['tmp', 'log', '__pycache__', '.pytest_cache', 'node_modules/.cache', 'uploads'])
    mkdirSync(join(dir, folder), { recursive: true });
  for (const file of [
    'tmp/a',
    'log/production.log',
    '__pycache__/a.pyc',
    '.pytest_cache/a',
    'node_modules/.cache/a',
    'web.pid',
    'uploads/cat.jpg',
    'data/old.txt',
    'data/app.db',
  ])
    writeFileSync(join(dir, file), 'changed');
  writeFileSync(join(dir, 'data/unnamed'), 'SQLite format 3\0 and more');
  expect(await writtenSince(before, dir)).toEqual([
    { file: 'data/app.db', isDatabase: true },
    { file: 'data/old.txt', isDatabase: false },
    { file: 'data/unnamed', isDatabase: true },
    { file: 'uploads/cat.jpg', isDatabase: false },
  ]);
});
