import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

test('a dump is also fetched from a URL', async () => {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/dump' ? 200 : 404).end('PGDMP…');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const draft = join(makeFolder(), 'draft');
  await fetchDump(`http://127.0.0.1:${port}/dump`, draft);
  expect(readFileSync(draft, 'utf8')).toBe('PGDMP…');
  await expect(fetchDump(`http://127.0.0.1:${port}/gone?key=secret`, draft)).rejects.toThrow(
    `http://127.0.0.1:${port}/gone cannot be downloaded: the answer is 404 Not Found`,
  );
});
