import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAuthority } from '../../../src/tls/authority.js';
import { makeFolder } from '../../helpers/folder.js';
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

test('after many pushes git puts its packs together', async () => {
  const { host, url } = await startGit();
  const path = host.repositories.get('demo')?.path ?? '';
  const clone = await Clone.create();
  // Many are fifty.
  await clone.run('-C', path, 'config', 'gc.autoPackLimit', '2');
  for (const message of ['a', 'b', 'c']) {
    await clone.commit(message);
    await clone.run('push', url(), 'main');
  }
  const packs = (): readonly string[] =>
    readdirSync(join(path, 'objects/pack')).filter((name) => name.endsWith('.pack'));
  await expect.poll(packs).toHaveLength(1);
});

test('a push by TLS trusts the local authority', async () => {
  const dataFolder = join(makeFolder(), 'dynosim');
  const { url } = await startGit({ dataFolder });
  const clone = await Clone.create();
  const secure = url().replace('http:', 'https:');
  expect((await clone.run('push', secure, 'main')).stderr).toMatch(/certificate/);
  const { certificateFile } = openAuthority(dataFolder, Date.now());
  const { status } = await clone.run('-c', `http.sslCAInfo=${certificateFile}`, 'push', secure, 'main');
  expect(status).toBe(0);
});
