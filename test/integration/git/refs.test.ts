import { expect, test } from 'vitest';
import { Clone, type GitWorld, startGit } from './world.js';

const SKIPPED = 'remote: Pushed to branch other than [main, master], skipping build.';

async function refs({ host }: GitWorld): Promise<readonly string[]> {
  return [...((await host.repositories.get('demo')?.refs()) ?? new Map()).keys()];
}

test('another branch is stored, and not built', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  const { status, stderr } = await clone.run('push', world.url(), 'main:dev');
  expect(stderr).toContain(SKIPPED);
  expect(status).toBe(0);
  expect(world.host.pushes).toEqual([]);
  expect(await refs(world)).toEqual(['refs/heads/dev']);
});

test('main is built, and other branches and tags in the same push are stored', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('branch', 'dev');
  await clone.run('tag', '--annotate', '--message', 'one', 'v1');
  const { status, stderr } = await clone.run('push', world.url(), 'main', 'dev', 'v1');
  expect(stderr).toContain(SKIPPED);
  expect(status).toBe(0);
  expect(world.host.pushes).toMatchObject([{ ref: 'refs/heads/main' }]);
  expect(await refs(world)).toEqual(['refs/heads/dev', 'refs/heads/main', 'refs/tags/v1']);
});

test('other branches and tags can be deleted, main cannot', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('push', world.url(), 'main', 'main:dev', 'main:refs/tags/v1');
  expect((await clone.run('push', world.url(), ':dev', ':refs/tags/v1')).status).toBe(0);
  const { status, stderr } = await clone.run('push', world.url(), ':main');
  expect(stderr).toContain('remote: !\tPush rejected, cannot delete main branch');
  expect(stderr).toContain(' ! [remote rejected] main (pre-receive hook declined)');
  expect(status).toBe(1);
  expect(await refs(world)).toEqual(['refs/heads/main']);
});

test('what git has no room for is refused before it is built, and can be pushed once there is', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('push', world.url(), 'main:main/x');
  for (const pushed of [['main'], [':main/x', 'main']]) {
    const { status, stderr } = await clone.run('push', world.url(), ...pushed);
    expect(stderr).toContain('remote:  !     dynosim: git has no room for main beside the branch main/x.');
    expect(stderr).toContain('git push heroku --delete main/x');
    expect(status).toBe(1);
  }
  expect(world.host.pushes).toEqual([]);
  await clone.run('push', world.url(), '--delete', 'main/x');
  expect((await clone.run('push', world.url(), 'main', 'main:main/y')).stderr).toContain('main/y');
  expect(world.host.pushes).toEqual([]);
  expect((await clone.run('push', world.url(), 'main')).status).toBe(0);
  expect(world.host.pushes).toHaveLength(1);
});

test('a push with nothing new does not build', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('push', world.url(), 'main');
  expect((await clone.run('push', world.url(), 'main')).stderr).toContain('Everything up-to-date');
  expect(world.host.pushes).toHaveLength(1);
});

test('a branch that lacks what was pushed is refused by git, unless by force', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  const first = await clone.revision('main');
  const second = await clone.commit('second');
  await clone.run('push', world.url(), 'main');
  expect((await clone.run('push', world.url(), `${first}:main`)).stderr).toContain('(non-fast-forward)');
  await clone.run('push', '--force', world.url(), `${first}:main`);
  expect(world.host.pushes.map(({ commit }) => commit)).toEqual([second, first]);
});

test('the commits of a shallow clone are refused by git, before anything is built', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.commit('second');
  await clone.run('clone', '--quiet', '--depth', '1', `file://${clone.dir}`, 'shallow');
  const { stderr } = await clone.run('-C', 'shallow', 'push', world.url(), 'main');
  expect(stderr).toContain('git fetch --unshallow');
  expect(stderr).toContain(' ! [remote rejected] main -> main (shallow update not allowed)');
  expect(world.host.pushes).toEqual([]);
});

test('so are those that continue what was pushed before', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('push', world.url(), 'main');
  await clone.commit('second');
  await clone.run('clone', '--quiet', '--depth', '1', `file://${clone.dir}`, 'shallow');
  const { stderr } = await clone.run('-C', 'shallow', 'push', '--force', world.url(), 'main');
  expect(stderr).toContain('git fetch --unshallow');
  expect(stderr).toContain(' ! [remote rejected] main -> main (shallow update not allowed)');
  expect(world.host.pushes).toHaveLength(1);
});

test('a shallow clone can push on top of what was pushed before', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('push', world.url(), 'main');
  await clone.run('clone', '--quiet', '--depth', '1', `file://${clone.dir}`, 'shallow');
  await clone.run('-C', 'shallow', 'commit', '--quiet', '--allow-empty', '--message', 'second');
  const { status } = await clone.run('-C', 'shallow', 'push', world.url(), 'main');
  expect(status).toBe(0);
  expect(world.host.pushes).toHaveLength(2);
});

test('main must be a commit: an annotated tag is refused with the way out', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  await clone.run('tag', '--annotate', '--message', 'one', 'v1');
  const refused = await clone.run('push', world.url(), 'v1:refs/heads/main');
  expect(refused.stderr).toContain('git push heroku TAG^{}:main');
  expect(refused.status).toBe(1);
  expect(world.host.pushes).toEqual([]);
  expect((await clone.run('push', world.url(), 'v1^{}:refs/heads/main')).status).toBe(0);
});

test('odd names of branches are stored as they are', async () => {
  const world = await startGit();
  const clone = await Clone.create();
  const odd = [
    'refs/heads/$(id)',
    'refs/heads/naïve-💥',
    "refs/heads/it's",
    'refs/for/main',
    'refs/heads/a/main',
  ];
  const { status } = await clone.run('push', world.url(), ...odd.map((ref) => `main:${ref}`));
  expect(status).toBe(0);
  expect([...(await refs(world))].sort()).toEqual([...odd].sort());
});

test('neither hooks nor configuration of the user or of a template take part', async () => {
  const world = await startGit();
  const path = world.host.repositories.get('demo')?.path ?? '';
  const clone = await Clone.create({
    '.gitconfig': '[core]\n\thooksPath = hooks\n',
    'hooks/pre-receive': 'exit 1',
  });
  await clone.run('push', world.url(), 'main');
  const settings = await clone.run('-C', path, 'config', '--local', '--list');
  expect(settings.stdout.split('\n').every((line) => line.startsWith('core.'))).toBe(true);
  expect((await clone.run('-C', path, 'rev-parse', '--git-path', 'hooks')).stdout).toBe('hooks');
  expect(await refs(world)).toEqual(['refs/heads/main']);
});
