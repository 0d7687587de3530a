import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Emitter } from '../../../src/base/emitter.js';
import type { Push } from '../../../src/git/host.js';
import { processesWith, untilGone, workingFolder } from '../../helpers/processes.js';
import { Clone, type GitWorld, startGit } from './world.js';

/** Builds of a host that wait until the test lets them go. */
class HeldBuilds {
  readonly #began = new Emitter<Push>();
  readonly #results: ((isBuilt: boolean) => void)[] = [];

  constructor({ host }: GitWorld) {
    host.build = (push) =>
      new Promise((resolve) => {
        this.#results.push(resolve);
        this.#began.emit(push);
      });
  }

  async next(): Promise<Push> {
    const push = await this.#began.next();
    if (!push) throw new Error('unreachable');
    return push;
  }

  letGo(isBuilt = true): void {
    this.#results.shift()?.(isBuilt);
  }
}

/** A push to an app, amid its build. */
async function startPush() {
  const world = await startGit();
  const builds = new HeldBuilds(world);
  const clone = await Clone.create();
  const begun = builds.next();
  const push = clone.saying('push', world.url(), 'main');
  return { world, builds, clone, push, build: await begun };
}

/** Two pushes to one app: the first is being built, and the second, Bob's, waits for it. */
async function startTwoPushes() {
  const { world, builds, push } = await startPush();
  const bob = await Clone.create({ 'b.txt': 'b' });
  const waits = bob.saying('push', world.url(), 'main');
  await waits.until('remote: Another build of demo is running, waiting...');
  return { world, builds, bob, first: push.finished, waits };
}

test('the second push to an app waits for the first, and is refused before it builds if that has moved the ref', async () => {
  const { world, builds, first, waits } = await startTwoPushes();
  builds.letGo();
  expect((await first).status).toBe(0);
  const { status, stderr } = await waits.finished;
  expect(stderr).toContain(
    'remote:  !     dynosim: Another push has changed main in the meantime. Fetch it, then push again.',
  );
  expect(stderr).toContain('(pre-receive hook declined)');
  expect(status).toBe(1);
  expect(world.host.pushes).toHaveLength(1);
});

test('the second push builds if the first has failed', async () => {
  const { builds, bob, first, waits } = await startTwoPushes();
  const next = builds.next();
  builds.letGo(false);
  expect((await first).status).toBe(1);
  expect((await next).commit).toBe(await bob.revision('main'));
  builds.letGo();
  expect((await waits.finished).status).toBe(0);
});

test('two apps build at once', async () => {
  const world = await startGit();
  const builds = new HeldBuilds(world);
  const clone = await Clone.create();
  const pushes = [];
  for (const app of ['demo', 'other']) {
    const begun = builds.next();
    pushes.push(clone.run('push', world.url(app), 'main'));
    expect((await begun).app).toBe(app);
  }
  builds.letGo();
  builds.letGo();
  expect((await Promise.all(pushes)).map(({ status }) => status)).toEqual([0, 0]);
});

test('other branches are stored while the app builds', async () => {
  const { world, builds, clone, push } = await startPush();
  expect((await clone.run('push', world.url(), 'main:dev')).status).toBe(0);
  builds.letGo();
  expect((await push.finished).status).toBe(0);
});

test('a build goes on when whoever pushes leaves, and its ref moves', async () => {
  const { world, builds, clone, push, build } = await startPush();
  push.kill('SIGINT');
  await push.finished;
  build.output('nobody reads this\n'.repeat(100_000));
  builds.letGo();
  await world.gitsGone();
  expect((await clone.run('push', world.url(), 'main')).stderr).toContain('Everything up-to-date');
});

test('a host that fails refuses the push, and keeps no other from its turn', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  world.host.build = () => Promise.reject(new Error('a bug'));
  const { status, stderr } = await clone.run('push', world.url(), 'main');
  expect(stderr).toContain('remote:  !     Push failed');
  expect(status).toBe(1);
  expect(world.bugs.splice(0)).toEqual([new Error('a bug')]);
  world.host.build = () => true;
  expect((await clone.run('push', world.url(), 'main')).status).toBe(0);
});

test('an app that is destroyed while a push waits builds nothing', async () => {
  const { world, builds, first, waits } = await startTwoPushes();
  world.host.repositories.delete('demo');
  builds.letGo(false);
  expect((await waits.finished).stderr).toContain('remote:  !     dynosim: There is no app demo any more.');
  expect((await first).status).toBe(1);
});

test('when no more builds start, a push that waits is told so', async () => {
  const { world, builds, first, waits } = await startTwoPushes();
  world.queue.close();
  expect((await waits.finished).stderr).toContain('remote:  !     dynosim: The host is stopping.');
  builds.letGo();
  expect((await first).status).toBe(0);
});

test('if git is killed amid a build, its hook ends, the ref stays, and the same push works again', async () => {
  const { world, builds, clone, push, build } = await startPush();
  const { repository } = build;
  const hook = join(world.hooks, 'pre-receive');
  for (const pid of processesWith('receive-pack')) {
    if (workingFolder(pid) === repository.path) process.kill(pid, 'SIGKILL');
  }
  expect((await push.finished).status).toBe(1);
  await untilGone(hook);
  builds.letGo();
  await world.gitsGone();
  expect(await repository.refs()).toEqual(new Map());
  world.host.build = () => true;
  expect((await clone.run('push', world.url(), 'main')).status).toBe(0);
});

test('when the server closes, a push that is being built moves no ref, and no process is left', async () => {
  const { world, builds, push, build } = await startPush();
  await world.server.close();
  expect((await push.finished).status).not.toBe(0);
  builds.letGo();
  expect(await build.repository.refs()).toEqual(new Map());
  await world.gitsGone();
});
