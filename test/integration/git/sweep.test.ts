import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { isAtWorkIn } from '../../../src/dynos/proc.js';
import { Repository } from '../../../src/git/repository.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';
import { Clone, startGit } from './world.js';

test('what a killed push has left is removed, and pushes work again', async () => {
  const { git, host, url } = await startGit();
  const path = host.repositories.get('demo')?.path ?? '';
  const clone = await Clone.create();
  await clone.run('push', url(), 'main', 'main:tmp_index-1', 'main:objects/tmp_obj');
  const names = (): readonly string[] => readdirSync(path, { recursive: true, encoding: 'utf8' });
  const before = names();
  const leftOver = [
    'HEAD.lock',
    'packed-refs.lock',
    'shallow.lock',
    'refs/heads/main.lock',
    'index-0b1f',
    'index-0b1f.lock',
    'objects/ab/tmp_obj_x1',
    'objects/pack/tmp_pack_x1',
    'objects/pack/.tmp-1-pack-x1.pack',
    'objects/tmp_objdir-incoming-x1/pack/tmp_pack_x2',
  ];
  for (const name of leftOver) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), '');
  }
  await clone.commit('second');
  expect((await clone.run('push', url(), 'main')).status).toBe(1);
  await Repository.open(path, git, systemClock);
  expect(names()).toEqual(expect.arrayContaining([...before]));
  expect(names().filter((name) => leftOver.includes(name))).toEqual([]);
  expect((await clone.run('push', url(), 'main')).status).toBe(0);
});

test('a git that still works is waited for', async () => {
  const { git } = await startGit();
  const path = join(makeFolder(), 'repo.git');
  const clock = new ManualClock();
  await Repository.open(path, git, clock);
  writeFileSync(join(path, 'HEAD.lock'), '');
  const working = spawn('git', ['cat-file', '--batch'], { cwd: path, stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void working.kill());
  while (!isAtWorkIn(path, 'git')) await new Promise((resolve) => setImmediate(resolve));
  const opened = Repository.open(path, git, clock);
  await clock.advance(1000);
  expect(readdirSync(path)).toContain('HEAD.lock');
  working.stdin.end();
  await once(working, 'exit');
  await clock.advance(1000);
  await opened;
  expect(readdirSync(path)).not.toContain('HEAD.lock');
});

test('one that works for long is not waited for', async () => {
  const { git } = await startGit();
  const path = join(makeFolder(), 'repo.git');
  const clock = new ManualClock();
  await Repository.open(path, git, clock);
  const working = spawn('git', ['cat-file', '--batch'], { cwd: path, stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void working.kill());
  while (!isAtWorkIn(path, 'git')) await new Promise((resolve) => setImmediate(resolve));
  const opened = Repository.open(path, git, clock);
  await clock.advance(10_000);
  await opened;
});
