import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  copyCluster,
  fetchDump,
  putBackCluster,
  undoPutBack,
} from '../../../src/addons/postgres/archives.js';
import { makeFolder } from '../../helpers/folder.js';

const contentOf = (folder: string): string => readFileSync(join(folder, 'data', 'file'), 'utf8');

test('the files of a server are copied, and put back', async () => {
  const folder = makeFolder({ 'data/file': 'kept' });
  const copy = join(makeFolder(), 'copy.tar.gz');
  await copyCluster(folder, copy);
  writeFileSync(join(folder, 'data', 'file'), 'lost');
  await putBackCluster(folder, copy);
  expect(contentOf(folder)).toBe('kept');
  expect(readdirSync(folder)).toEqual(['data']);
});

test('a copy that cannot be read changes nothing', async () => {
  const folder = makeFolder({ 'data/file': 'kept', 'copy.tar.gz': 'no archive' });
  await expect(putBackCluster(folder, join(folder, 'copy.tar.gz'))).rejects.toThrow();
  expect(contentOf(folder)).toBe('kept');
  expect(readdirSync(folder)).toEqual(['copy.tar.gz', 'data']);
});

test('what a kill has interrupted is undone at the next start', async () => {
  const folder = makeFolder({ 'data/file': 'kept' });
  renameSync(join(folder, 'data'), join(folder, 'data.before'));
  await undoPutBack(folder);
  expect(contentOf(folder)).toBe('kept');
  mkdirSync(join(folder, 'data.before'));
  await undoPutBack(folder);
  expect(contentOf(folder)).toBe('kept');
  expect(existsSync(join(folder, 'data.before'))).toBe(false);
});

test('only what pg_dump has made in its custom format is restored', async () => {
  const folder = makeFolder({ dump: 'PGDMP…', script: 'create table …' });
  const draft = join(folder, 'draft');
  expect(await fetchDump(join(folder, 'dump'), draft)).toBe(draft);
  await expect(fetchDump(join(folder, 'script'), draft)).rejects.toThrow(
    "no dump in pg_dump's custom format",
  );
  await expect(fetchDump(join(folder, 'missing'), draft)).rejects.toThrow('Cannot read');
});
