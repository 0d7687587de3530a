import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AppControl } from '../../../src/api/control.js';
import type { BuildView, ReleaseChange } from '../../../src/apps/views.js';
import type { Host } from '../../../src/host/host.js';
import { ask } from '../../helpers/ask.js';
import { makeFolder } from '../../helpers/folder.js';
import { logged, startKeptHost } from '../../helpers/start-host.js';
import { Clone } from '../git/world.js';

const WEB = `
  require('node:http')
    .createServer((req, res) => res.end([process.env.GREETING, process.env.HOME === process.cwd(), process.env.LEAK].join(' ')))
    .listen(process.env.PORT);`;
const APP = { 'web.js': WEB, Procfile: 'web: node web.js\nworker: exec sleep 1000\n' };

/** A host that keeps its apps in a folder. */
const hostIn = (state: string, problems: string[] = []): Promise<Host> =>
  startKeptHost(state, {
    env: { LEAK: 'from the shell' },
    onProblem: (line) => problems.push(line),
  });

/** A host with an app `demo` to which files are pushed as they are, and a repository with the app. */
async function world(files: Readonly<Record<string, string>> = APP) {
  const state = makeFolder();
  const problems: string[] = [];
  const host = await hostIn(state, problems);
  await host.control.createApp({ name: 'demo' });
  const app = await host.control.app('demo');
  await app.setBuildpacks(['none']);
  const clone = await Clone.create(files);
  const push = async (ref = 'main') => {
    const url = `http://me:secret@${new URL(host.apiUrl).host}/demo.git`;
    const { status, stderr } = await clone.run('push', url, ref);
    return { status, said: stderr.replace(/^remote: ?/gm, '').replace(/ +$/gm, '') };
  };
  return { state, host, app, clone, push, problems };
}

const versions = async (host: Host) =>
  (await (await host.control.app('demo')).releases()).map(
    ({ version, description, status }) =>
      `v${version} ${description.replace(/[0-9a-f]{8}$/, 'ID')} ${status}`,
  );

/** Resolves when a release with a command is live, or has failed. */
async function ended(app: AppControl, { release }: ReleaseChange): Promise<void> {
  for await (const _ of app.releaseOutput(release.version, new AbortController().signal));
}

/** A buildpack that prints `compiling`, and then takes for ever. */
function endlessBuildpack(): string {
  const pack = makeFolder({
    'bin/detect': '#!/bin/sh\necho Slow',
    'bin/compile': '#!/bin/sh\necho compiling\nexec sleep 1000',
  });
  execFileSync('chmod', ['-R', '+x', join(pack, 'bin')]);
  return `file://${pack}`;
}

/** Resolves when the first build, now or later, has printed a text. */
async function untilPrinted(app: AppControl, text: string): Promise<void> {
  let build: BuildView | undefined;
  while (!build) {
    [build] = await app.builds();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for await (const printed of app.buildOutput(build.id, new AbortController().signal))
    if (printed.includes(text)) return;
  throw new Error(`It never printed ${text}`);
}

test('a push builds a slug and releases it: one web dyno, in a clean environment, in the slug', async () => {
  const { host, app, push } = await world();
  const { status, said } = await push();
  expect(status).toBe(0);
  expect(said).toContain('-----> Launching...\n       Released v3\n');
  expect(said).toContain('Verifying deploy... done.');
  expect(await ask(host.port, 'demo.localhost')).toEqual({ status: 200, body: ' true ' });
  expect((await app.formation()).map(({ type, quantity }) => `${type}=${quantity}`)).toEqual([
    'web=1',
    'worker=0',
  ]);
  expect(await versions(host)).toEqual([
    'v1 Initial release succeeded',
    'v2 Enable Logplex succeeded',
    'v3 Deploy ID succeeded',
  ]);
});

test('a pushed app is there again when the host starts again, asleep until it is asked', async () => {
  const { state, host, app, push } = await world();
  await push();
  await app.scale([{ type: 'worker', quantity: { to: 1 } }]);
  await app.setConfig({ GREETING: 'hello' });
  await host.close();

  const again = await hostIn(state);
  const demo = await again.control.app('demo');
  expect((await demo.dynos()).map(({ name, state: is }) => `${name} ${is}`)).toEqual([
    'web.1 idle',
    'worker.1 idle',
  ]);
  expect(await ask(again.port, 'demo.localhost')).toEqual({ status: 200, body: 'hello true ' });
});

test('what a dyno writes into its slug is gone with it, and the slug is as it was', async (context) => {
  const { host, app, push, problems } = await world({
    ...APP,
    'web.js': `
      const { appendFileSync, readFileSync } = require('node:fs');
      require('node:http').createServer((req, res) => {
        appendFileSync('visits', 'x');
        res.end(readFileSync('visits', 'utf8'));
      }).listen(process.env.PORT);`,
  });
  context.skip(problems.length > 0, problems[0]);
  await push();
  expect([
    (await ask(host.port, 'demo.localhost')).body,
    (await ask(host.port, 'demo.localhost')).body,
  ]).toEqual(['x', 'xx']);
  await app.restart({ kind: 'all' });
  expect((await ask(host.port, 'demo.localhost')).body).toBe('x');
  expect(existsSync(join((await app.info()).dir, 'visits'))).toBe(false);
});

test('a build that fails changes nothing: the old release runs on, and the branch is not moved', async () => {
  const { host, app, clone, push, state } = await world();
  await push();
  const pack = makeFolder({ 'bin/detect': '#!/bin/sh\nexit 1', 'bin/compile': '' });
  await app.setBuildpacks([`file://${pack}`]);
  await clone.commit('second');
  const { status, said } = await push();
  expect(status).not.toBe(0);
  expect(said).toContain('!\tPush rejected to demo.');
  expect(said).not.toContain('The same version');
  expect((await push()).said).toContain(` !     Push failed
 !
 ! ## Warning - The same version of this code has already been built: ${await clone.revision('main')}
`);
  expect(await versions(host)).toHaveLength(3);
  expect((await ask(host.port, 'demo.localhost')).status).toBe(200);
  expect((await app.builds()).map((build) => build.status)).toEqual(['succeeded', 'failed', 'failed']);
  const [folder = ''] = readdirSync(join(state, 'apps'));
  expect(readdirSync(join(state, 'apps', folder, 'slugs'))).toEqual(['1', '1.json']);
});

test('what is released runs on, even if nothing more of its build can be kept', async () => {
  const { host, app, push } = await world({
    ...APP,
    // As a full disk would do it: the record of the build cannot be written.
    Procfile: `${APP.Procfile}release: rm -rf "$HOME/../../builds"\n`,
  });
  const { status, said } = await push();
  expect(said).toContain('Waiting for release.... done.');
  expect(status).toBe(0);
  expect((await ask(host.port, 'demo.localhost')).status).toBe(200);
  expect(existsSync((await app.info()).dir)).toBe(true);
  await logged(host.registry.get('demo').app, /^Cannot write .*builds/);
});

test('an app that is destroyed while it is built is gone, and its build with it', async () => {
  const { host, app, push, state } = await world();
  await app.setBuildpacks([endlessBuildpack()]);
  const pushing = push();
  await untilPrinted(app, 'compiling');
  await host.control.destroyApp('demo');
  const { status, said } = await pushing;
  expect(status).not.toBe(0);
  expect(said).toContain('The build was cancelled.');
  expect(said).not.toContain('Cannot write');
  expect(readdirSync(join(state, 'apps'))).toEqual([]);
  expect(readdirSync(join(state, 'cache'))).toEqual([]);
});

test('a release command that fails leaves the old release running; the push itself has worked', async () => {
  const { host, clone, push } = await world();
  await push();
  writeFileSync(join(clone.dir, 'Procfile'), 'web: node web.js\nrelease: echo migrating; exit 3\n');
  await clone.commit('second');
  const { status, said } = await push();
  expect(status).toBe(0);
  expect(said).toMatch(/Running release command\.\.\.\n\nmigrating\nWaiting for release\.\.\.\. failed\./);
  expect((await versions(host)).at(-1)).toBe('v4 Deploy ID failed');
  expect((await ask(host.port, 'demo.localhost')).status).toBe(200);
});

test('code whose release command failed runs once a config var lets that succeed', async () => {
  const { host, app, clone, push } = await world();
  await push();
  writeFileSync(join(clone.dir, 'Procfile'), 'web: node web.js\nrelease: [ "$GREETING" ]\n');
  writeFileSync(join(clone.dir, 'web.js'), WEB.replace('[process', '["new", process'));
  await clone.commit('second');
  await push();
  const change = await app.setConfig({ GREETING: 'hello' });
  expect(change).toMatchObject({ outcome: 'pending' });
  await ended(app, change);
  expect(await ask(host.port, 'demo.localhost')).toEqual({ status: 200, body: 'new hello true ' });
  expect((await versions(host)).slice(3)).toEqual([
    'v4 Deploy ID failed',
    expect.stringMatching(/^v5 Deploy \w{8}, Set GREETING config vars succeeded$/),
  ]);
});

test('a rollback runs the old slug with its config vars, which are set again', async () => {
  const { state, host, app, clone, push } = await world();
  await app.setConfig({ GREETING: 'first' });
  await push();
  await app.setConfig({ GREETING: 'second' });
  writeFileSync(join(clone.dir, 'web.js'), WEB.replace('process.env.GREETING', '"new"'));
  await clone.commit('second');
  await push();
  await app.rollback(4);
  expect((await app.configVars()).GREETING?.value).toBe('first');
  await host.close();
  const again = await hostIn(state);
  expect(await ask(again.port, 'demo.localhost')).toEqual({ status: 200, body: 'first true ' });
  const demo = await again.control.app('demo');
  const { release } = await demo.setConfig({ LAST: '1' });
  expect(await demo.configVars(release.version)).toMatchObject({
    GREETING: { value: 'first' },
    LAST: { value: '1' },
  });
});

test('a folder is deployed as it is, without what git would leave out', async () => {
  const { host, app } = await world();
  const dir = makeFolder({ ...APP, '.gitignore': 'secret.txt\n', 'secret.txt': 'x' });
  const build = await app.deploy(dir);
  let said = '';
  for await (const text of app.buildOutput(build.id, new AbortController().signal)) said += text;
  expect(said).toContain('Released v3');
  const { dir: slug } = await app.info();
  expect([existsSync(join(slug, 'web.js')), existsSync(join(slug, 'secret.txt'))]).toEqual([true, false]);
  expect((await ask(host.port, 'demo.localhost')).status).toBe(200);
});

test('a deploy that waits when the host stops fails, and says why', async () => {
  const { host, app } = await world();
  const queue = host.kept?.deploys.queue;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  for (const other of ['a', 'b']) void queue?.run(other, () => held);
  const build = await app.deploy(makeFolder(APP));
  await untilPrinted(app, 'Builds of other apps are running, waiting...');
  queue?.close();
  let said = '';
  for await (const text of app.buildOutput(build.id, new AbortController().signal)) said += text;
  expect(said).toContain(' !     dynosim: The host is stopping. Deploy again when it runs.');
  await expect.poll(async () => (await app.builds()).map(({ status }) => status)).toEqual(['failed']);
  letGo();
});

test('one file is one path, as git says it', async () => {
  const { clone, push } = await world({ Procfile: 'worker: exec sleep 1000\n' });
  await clone.run('rm', '--quiet', 'hello.txt');
  await clone.commit('second');
  expect((await push()).said).toMatch(/^Updated 1 path from /);
});

test('slugs that no release needs any more are removed', async () => {
  const { state, app, clone, push } = await world({ Procfile: 'worker: exec sleep 1000\n' });
  for (let n = 0; n < 12; n++) {
    await clone.commit(`number ${n}`);
    await push();
  }
  const [folder = ''] = readdirSync(join(state, 'apps'));
  const slugs = readdirSync(join(state, 'apps', folder, 'slugs')).filter((name) => /^\d+$/.test(name));
  expect(slugs.sort((a, b) => Number(a) - Number(b))[0]).toBe('3');
  expect(slugs).toHaveLength(10);
  const releases = await app.releases();
  expect(releases.filter(({ canRunAgain }) => canRunAgain)).toEqual(releases.slice(-10));
  await expect(app.rollback(3)).rejects.toMatchObject({
    message: 'v3 is too old: its slug was removed',
  });
  await expect(app.release({ slug: releases[2]?.slug ?? '' })).rejects.toMatchObject({
    code: 'NO_SUCH_SLUG',
  });
});

test('a release command that failed is run again, with the config vars that are set by then', async () => {
  const { host, app, clone, push } = await world({
    ...APP,
    Procfile: 'web: node web.js\nrelease: test "$GREETING"\n',
  });
  await push();
  expect(await versions(host)).toEqual([
    'v1 Initial release succeeded',
    'v2 Enable Logplex succeeded',
    'v3 Deploy ID failed',
  ]);
  const [, , failed] = await app.releases();
  const again = await app.release({ ...(failed?.slug && { slug: failed.slug }) });
  expect(again).toMatchObject({ outcome: 'pending', release: { version: 4 } });
  await ended(app, again);
  expect((await app.releases()).at(-1)?.status).toBe('failed');
  await ended(app, await app.setConfig({ GREETING: 'hello' }));
  // The release of the config vars has run the code already: the one that was deployed last.
  expect(await ask(host.port, 'demo.localhost')).toEqual({ status: 200, body: 'hello true ' });
  const { release: retried } = await app.release({ description: 'Retry of v5' });
  expect(retried).toMatchObject({ version: 6, description: 'Retry of v5', command: 'test "$GREETING"' });
  await clone.commit('second');
});

test('a host that was stopped amid a build says so, and takes the same push again', async () => {
  const { state, host, app, push } = await world();
  await app.setBuildpacks([endlessBuildpack()]);
  const pushing = push();
  await untilPrinted(app, 'compiling');
  await host.close();
  expect((await pushing).status).not.toBe(0);
  const again = await hostIn(state);
  const demo = await again.control.app('demo');
  expect((await demo.builds()).map(({ status }) => status)).toEqual(['failed']);
  expect((await demo.releases()).length).toBe(2);
});
