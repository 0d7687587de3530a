import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CheckedOut, checkOut } from '../../../src/git/check-out.js';
import { makeFolder } from '../../helpers/folder.js';
import { Clone, type GitWorld, startGit } from './world.js';

/** Pushes a clone's branch, and checks it out within the push. */
async function pushAndCheckOut(world: GitWorld, clone: Clone) {
  const dir = join(makeFolder(), 'slug');
  let result: CheckedOut | Error = new Error('nothing was built');
  world.host.build = async ({ repository, commit, incoming }) => {
    result = await checkOut(repository, commit, dir, incoming).catch((error: Error) => error);
    return !(result instanceof Error);
  };
  const { stderr } = await clone.run('push', '--force', world.url(), 'HEAD:main');
  expect(world.bugs, stderr).toEqual([]);
  const left = readdirSync(world.host.repositories.get('demo')?.path ?? '');
  expect(left.filter((name) => name.startsWith('index'))).toEqual([]);
  return { dir, result };
}

test('a commit is checked out while its push is not accepted yet', async () => {
  const clone = await Clone.create({
    'bin/run': '#!/bin/sh\n',
    'sub/left-out-of-archives.txt': 'here\n',
    'sub/with\nnewline': 'a',
    '.gitattributes': '*.txt export-ignore filter=evil\n',
  });
  await clone.run('update-index', '--chmod=+x', 'bin/run');
  symlinkSync('../hello.txt', join(clone.dir, 'sub/link'));
  await clone.run('add', 'sub/link');
  await clone.run('commit', '--quiet', '--message', 'second');
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toEqual({ paths: 6, warnings: [] });
  expect(readdirSync(dir, { recursive: true }).sort()).toEqual(
    [
      '.gitattributes',
      'bin',
      'bin/run',
      'hello.txt',
      'sub',
      'sub/left-out-of-archives.txt',
      'sub/link',
      'sub/with\nnewline',
    ].sort(),
  );
  expect(readFileSync(join(dir, 'sub/link'), 'utf8')).toBe('hello\n');
  expect(statSync(join(dir, 'bin/run')).mode & 0o111).toBe(0o111);
});

test('a commit without a file is an empty folder', async () => {
  const clone = await Clone.create();
  await clone.run('rm', '--quiet', 'hello.txt');
  await clone.commit('empty');
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toEqual({ paths: 0, warnings: [] });
  expect(readdirSync(dir)).toEqual([]);
});

test('10,000 files are checked out', { timeout: 120_000 }, async () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `${10_000 + n}.txt`);
  const clone = await Clone.create();
  await clone.commitTree(names);
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toEqual({ paths: 10_000, warnings: [] });
  expect(readdirSync(dir).sort()).toEqual(names);
});

test('submodules and files in LFS are named', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  const clone = await Clone.create({
    'sub/.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n',
    'sub/photo.png': pointer,
    'sub/README': 'small\n',
  });
  const commit = await clone.revision('HEAD');
  await clone.run('update-index', '--add', '--cacheinfo', `160000,${commit},vendor/lib`);
  await clone.run('commit', '--quiet', '--message', 'second');
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toEqual({
    paths: 5,
    warnings: [
      'Submodules are not fetched. These folders are empty: `vendor/lib`.',
      'Files in Git LFS are not fetched. These are only pointers: `sub/photo.png`.',
    ],
  });
  expect(readdirSync(join(dir, 'vendor/lib'))).toEqual([]);
});

test.each(['/etc/passwd', '../..', 'sub/../../x'])('a link to %s is refused', async (target) => {
  const clone = await Clone.create();
  symlinkSync(target, join(clone.dir, 'link'));
  await clone.commit('second');
  const { result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toMatchObject({
    code: 'CHECKOUT_REFUSED',
    message: `The commit cannot be built: the link \`link\` leads out of the app: \`${target}\``,
  });
});

test.each(['..', '.git', '.GIT', 'a/../../b'])('a tree with the path %s is refused', async (name) => {
  const clone = await Clone.create();
  await clone.commitTree([name]);
  const { result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toMatchObject({
    code: 'CHECKOUT_REFUSED',
    message: expect.stringContaining('invalid path'),
  });
});

test('a commit of more files than anybody has is refused before any is written', async () => {
  const clone = await Clone.create();
  const names = Array.from({ length: 100 }, (_, n) => `${100 + n}`);
  await clone.commitTree(names);
  // Each folder has a hundred times what is in it: 100 million files of a few objects.
  for (let depth = 0; depth < 3; depth += 1) await clone.commitTree(names, '40000', 'HEAD^{tree}');
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toMatchObject({
    code: 'CHECKOUT_REFUSED',
    message: 'The commit has more than 250000 files',
  });
  expect(existsSync(dir)).toBe(false);
});

test('a commit of more than 1 GB is refused before any is written', async () => {
  const clone = await Clone.create({ 'hello.txt': Buffer.alloc(20 * 1024 * 1024) });
  await clone.commitTree(Array.from({ length: 52 }, (_, n) => `${100 + n}`));
  const { dir, result } = await pushAndCheckOut(await startGit(), clone);
  expect(result).toMatchObject({
    code: 'CHECKOUT_REFUSED',
    message: 'The commit has more than 1 GB of files',
  });
  expect(existsSync(dir)).toBe(false);
});
