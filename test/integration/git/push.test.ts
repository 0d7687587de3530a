import { expect, test } from 'vitest';
import { Clone, startGit } from './world.js';

test('a push shows what the host says, and moves the ref', async () => {
  const { host, url } = await startGit();
  const clone = await Clone.create();
  const commit = await clone.revision('main');
  host.build = ({ output }) => {
    output('-----> Building\n');
    output('       done\n');
    return true;
  };
  const { status, stderr } = await clone.run('push', url(), 'main');
  expect(stderr).toContain('remote: -----> Building');
  expect(stderr).toContain('remote:        done');
  expect(stderr).toContain(' * [new branch]      main -> main');
  expect(status).toBe(0);
  expect(host.pushes).toMatchObject([{ app: 'demo', ref: 'refs/heads/main', commit }]);
  expect(await host.repositories.get('demo')?.refs()).toEqual(new Map([['refs/heads/main', commit]]));
});

test('a push that fails moves nothing, and its exit status is 1', async () => {
  const { host, url } = await startGit();
  const clone = await Clone.create();
  host.build = ({ output }) => {
    output(' !     Push rejected, failed to compile Node.js app.\n');
    return false;
  };
  const { status, stderr } = await clone.run('push', url(), 'main');
  expect(stderr).toContain('remote:  !     Push rejected, failed to compile Node.js app.');
  expect(stderr).toContain(' ! [remote rejected] main -> main (pre-receive hook declined)');
  expect(status).toBe(1);
  expect(await host.repositories.get('demo')?.refs()).toEqual(new Map());
});

test('a pushed app can be cloned, and its branch is checked out', async () => {
  const { url } = await startGit();
  const clone = await Clone.create();
  await clone.run('push', url(), 'main:master');
  const { status, stderr } = await clone.run('clone', url(), 'copy');
  expect(stderr).not.toContain('warning');
  expect(status).toBe(0);
  expect((await clone.run('-C', 'copy', 'rev-parse', '--abbrev-ref', 'HEAD')).stdout).toBe('master');
});
