import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AppFolderReader } from '../../../src/config/app-folder.js';
import { makeFolder } from '../../helpers/folder.js';

it('reads a folder once for all dynos that start at the same moment, and anew for the next ones', async () => {
  const dir = makeFolder({ 'package.json': '{}' });
  const reader = new AppFolderReader();
  const first = reader.read(dir);
  expect(first).toEqual({ languages: new Set(['node']), binDirs: { beforePath: [], behindPath: [] } });
  writeFileSync(join(dir, 'requirements.txt'), '');
  mkdirSync(join(dir, 'venv/bin'), { recursive: true });
  expect(reader.read(dir)).toBe(first);
  await Promise.resolve();
  expect(reader.read(dir)).toEqual({
    languages: new Set(['node', 'python']),
    binDirs: { beforePath: [join(dir, 'venv/bin')], behindPath: [] },
  });
});

it('reads another folder at once', () => {
  const reader = new AppFolderReader();
  reader.read(makeFolder({ 'package.json': '{}' }));
  expect(reader.read(makeFolder({ Gemfile: '' })).languages).toEqual(new Set(['ruby']));
});
