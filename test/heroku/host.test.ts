import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Dynosim, type Finished, hostOf } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { GIT_ENV } from '../helpers/git-env.js';
import { inBash, rows, unwrapped } from './heroku-world.js';

const APP = {
  'web.js': `require('node:http').createServer((q, s) => s.end('hello ' + process.env.NAME)).listen(process.env.PORT);`,
  Procfile: 'web: exec node web.js\nrelease: echo "migrating $NAME"; test -z "$FAILS"\n',
};

interface World {
  readonly host: Dynosim;
  /** A repository with the app. */
  readonly dir: string;
  readonly git: string;
  /** A command line in a shell that `dynosim env` has prepared. */
  shell(script: string, cwd?: string): Promise<Finished>;
}

async function startHost(): Promise<World> {
  const host = hostOf(makeFolder(), ['--no-wake-delay']);
  const { api } = await host.ready();
  const dir = makeFolder(APP);
  const shell = (script: string, cwd = dir) =>
    inBash(`eval "$(dynosim env)"; ${script}`, { cwd, env: GIT_ENV });
  await shell('git init -q -b main && git add -A && git commit -qm first');
  return { host, dir, git: api.replace('http:', 'https:'), shell };
}

const said = ({ stdout, stderr }: Finished): string => `${stdout}${stderr}`;

test('create, push, retry, roll back, clone, rename, destroy', { timeout: 240_000 }, async () => {
  const { git, shell } = await startHost();
  expect((await shell('heroku apps')).stdout).toContain('You have no apps.');
  const made = await shell('heroku create my-app -b dynosim/none');
  expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining(`${git}/my-app.git`) });
  expect((await shell('git remote -v')).stdout).toContain(`heroku\t${git}/my-app.git (push)`);
  expect(unwrapped((await shell('heroku create my-app')).stderr)).toContain('Name my-app is already taken');
  const [ps, scale] = await Promise.all([shell('heroku ps'), shell('heroku ps:scale')]);
  expect(said(ps)).toContain('No dynos on');
  expect(unwrapped(scale.stderr)).toMatch(/No process types on .*my-app\. Upload a Procfile/);

  const failing = await shell('heroku config:set FAILS=yes && git push heroku main');
  expect(failing).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('Waiting for release.... failed.'),
  });
  const retried = await shell('heroku config:unset FAILS && heroku releases:retry -a my-app');
  expect(said(retried)).toMatch(/Retrying v5 on .*done, v6/);
  expect(retried.stdout).toContain('migrating');
  expect((await shell('heroku ps:wait && heroku ps')).stdout).toMatch(/web\.1: up/);

  await shell('git commit --allow-empty -qm second && git push heroku main');
  const [releases, info, builds] = await Promise.all([
    shell('heroku releases'),
    shell('heroku apps:info -x'),
    shell('heroku releases:info v7'),
  ]);
  expect(releases.stdout).toMatch(/Current: v7/);
  expect(
    rows(releases.stdout)
      .map(([version]) => version)
      .slice(1),
  ).toEqual(['v7', 'v6', 'v5', 'v4', 'v3', 'v2', 'v1']);
  expect(info.stdout).toMatch(/Slug Size: +\d+ B/);
  expect(info.stdout).toMatch(/Repo Size: +[1-9]\d* \w+/);
  expect(builds.stdout).toMatch(/Eligible for Rollback\?: +Yes/);
  expect(said(await shell('heroku rollback'))).toMatch(/Rolling back .* to v6\.\.\. done, v8/);
  expect(unwrapped((await shell('heroku rollback v2')).stderr)).toContain('v2 has no code');

  const folder = makeFolder();
  expect((await shell('heroku git:clone -a my-app', folder)).status).toBe(0);
  expect(readFileSync(join(folder, 'my-app', 'Procfile'), 'utf8')).toBe(APP.Procfile);

  expect((await shell('heroku apps:rename better-app')).stdout).toContain('Git remote heroku updated');
  expect((await shell('git remote -v')).stdout).toContain(`${git}/better-app.git`);
  const [own, all] = await Promise.all([shell('heroku apps'), shell('heroku apps --all')]);
  for (const list of [own, all]) expect(list.stdout).toContain('better-app');
  expect((await shell('heroku apps:destroy --confirm better-app')).status).toBe(0);
  expect((await shell('git remote')).stdout).toBe('');
});

test('buildpacks and domains', { timeout: 240_000 }, async () => {
  const { shell } = await startHost();
  await shell('heroku create my-app');
  expect((await shell('heroku buildpacks')).stdout).toContain('has no Buildpacks.');
  const set = await shell('heroku buildpacks:set heroku/nodejs');
  expect(set.stdout).toMatch(/Buildpack set\. Next release on .*my-app will use heroku\/nodejs\./);
  const pack = `file://${makeFolder({ 'bin/detect': '', 'bin/compile': '' })}`;
  expect((await shell(`heroku buildpacks:add --index 1 ${pack}`)).stdout).toContain('2. heroku/nodejs');
  expect((await shell('heroku buildpacks:remove heroku/nodejs')).stdout).toContain(`will use ${pack}.`);
  expect((await shell('heroku buildpacks:clear')).stdout).toContain('will detect buildpacks normally');
  const [unknown, foreign] = await Promise.all([
    shell('heroku buildpacks:set some/thing'),
    shell('heroku buildpacks:set https://github.com/some/thing'),
  ]);
  for (const refusal of [unknown, foreign])
    expect(unwrapped(refusal.stderr)).toMatch(
      /cannot build with the buildpack .*some\/thing\. Set one from a folder/,
    );

  const added = await shell('heroku domains:add www.example.com');
  expect(added).toMatchObject({ status: 0, stdout: expect.stringContaining('my-app.localhost') });
  const listed = await shell('heroku domains');
  expect(rows(listed.stdout)).toContainEqual(['www.example.com', 'CNAME', 'my-app.localhost']);
  expect((await shell('heroku domains:wait www.example.com')).status).toBe(0);
  expect((await shell('heroku domains:remove www.example.com')).status).toBe(0);
  expect((await shell('heroku domains')).stdout).not.toContain('example.com');
});

test('dynosim heroku needs no app where the CLI needs none; after its create, a plain git push works', {
  timeout: 240_000,
}, async () => {
  const { dir } = await startHost();
  const plain = (script: string) => inBash(`unset GIT_SSL_CAINFO; ${script}`, { cwd: dir, env: GIT_ENV });
  for (const command of ['help', '--version', 'apps', 'auth:whoami'])
    expect((await plain(`dynosim heroku ${command}`)).status, command).toBe(0);
  expect((await plain('dynosim heroku create plain-app -b dynosim/none')).status).toBe(0);
  expect(await plain('git push heroku main')).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('Released v3'),
  });
  expect((await plain('dynosim heroku ps:scale')).stdout).toMatch(/release=0:Eco web=1:Eco/);
});
