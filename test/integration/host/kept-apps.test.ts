import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { NewAppSpec } from '../../../src/api/control.js';
import { openHost } from '../../../src/host/compose.js';
import type { Host } from '../../../src/host/host.js';
import { ask } from '../../helpers/ask.js';
import { makeFolder } from '../../helpers/folder.js';
import { openKeptHost, startKeptHost } from '../../helpers/start-host.js';

/** A host that keeps its apps in a folder. */
async function hostIn(state: string): Promise<{ readonly host: Host; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const host = await startKeptHost(state, { onProblem: (line) => problems.push(line) });
  return { host, problems };
}

async function create(host: Host, spec: NewAppSpec = {}): Promise<string> {
  return (await host.control.createApp(spec)).name;
}

function folderOf(state: string): string {
  const [name = ''] = readdirSync(join(state, 'apps'));
  return join(state, 'apps', name);
}

test('an app without code has two releases and answers with H81', async () => {
  const { host } = await hostIn(makeFolder());
  const name = await create(host);
  expect(name).toMatch(/^[a-z]+-[a-z]+-\d{5}$/);
  const app = await host.control.app(name);
  expect((await app.releases()).map(({ version, description }) => `v${version} ${description}`)).toEqual([
    'v1 Initial release',
    'v2 Enable Logplex',
  ]);
  expect(await ask(host.port, `${name}.localhost`)).toEqual({
    status: 502,
    body: expect.stringContaining('H81'),
  });
});

test('whoever asks for an app while the host starts waits until all apps are loaded', async () => {
  const state = makeFolder();
  const before = await hostIn(state);
  await create(before.host, { name: 'one' });
  await before.host.close();

  const host = await openKeptHost(state);
  const visited = ask(host.port, 'one.localhost');
  const created = expect(create(host, { name: 'one' })).rejects.toThrow('Name one is already taken');
  const cloned = host.kept?.deploys.repositoryOf('one');
  await host.kept?.load();
  expect(await visited).toEqual({ status: 502, body: expect.stringContaining('H81') });
  await created;
  expect((await cloned)?.path).toContain(folderOf(state));
});

test('apps are there again when the host starts again', async () => {
  const state = makeFolder();
  const before = await hostIn(state);
  await create(before.host, { name: 'one' });
  const app = await before.host.control.app('one');
  await app.setConfig({ GREETING: 'hello\nworld', EMPTY: '' });
  await app.setMaintenance(true);
  await app.setFeature('preboot', true);
  const drain = await app.addDrain('syslog://127.0.0.1:1');
  const known = { info: await app.info(), releases: await app.releases() };
  await before.host.close();

  const after = await hostIn(state);
  const again = await after.host.control.app('one');
  expect(await again.info()).toEqual({ ...known.info, url: expect.stringContaining('one.localhost') });
  expect(await again.releases()).toEqual(known.releases);
  expect((await again.configVars()).GREETING).toEqual({ value: 'hello\nworld', from: { kind: 'store' } });
  expect((await again.feature('preboot')).isEnabled).toBe(true);
  expect(await again.drains()).toEqual([drain]);
});

test('the eco dyno hours that were used are there again, too', async () => {
  const state = makeFolder();
  const before = await hostIn(state);
  await create(before.host, { name: 'one' });
  const quota = async ({ host }: { host: Host }) => (await host.control.app('one')).quota();
  await (await before.host.control.app('one')).runDetached({ command: 'sleep 1000', env: {} });
  await before.host.control.advanceClock(60_000);
  await before.host.close();
  const after = await hostIn(state);
  expect((await quota(after))?.usedMs).toBeGreaterThanOrEqual(60_000);
  expect((await quota(after))?.allUsedMs).toBe((await quota(after))?.usedMs);
});

test('a release without code is none to go back to', async () => {
  const { host } = await hostIn(makeFolder());
  await create(host, { name: 'one' });
  const app = await host.control.app('one');
  await app.setConfig({ A: '1' });
  expect((await app.releases()).map(({ canRunAgain }) => canRunAgain)).toEqual([false, false, false]);
  await expect(app.rollback(2)).rejects.toMatchObject({
    code: 'CANNOT_ROLL_BACK',
    message: 'v2 has no code',
  });
  await expect(app.release({})).rejects.toMatchObject({ code: 'NO_SUCH_SLUG' });
});

test('the router itself lists the apps; another host name is that of no app', async () => {
  const { host } = await hostIn(makeFolder());
  await create(host, { name: 'one' });
  const { status, body } = await ask(host.port, 'localhost');
  expect([status, body]).toEqual([
    404,
    expect.stringContaining(`<a href="http://one.localhost:${host.port}">one</a>`),
  ]);
  expect((await ask(host.port, 'two.localhost')).body).not.toContain('one');
});

test('an app named localhost does not take the page of the host', async () => {
  const { host } = await hostIn(makeFolder());
  await create(host, { name: 'localhost' });
  expect((await ask(host.port, 'localhost')).status).toBe(404);
  expect((await ask(host.port, 'localhost.localhost')).body).toContain('H81');
});

test('an app gets another name and keeps all else', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  await create(host, { name: 'two' });
  await expect(host.control.renameApp('one', 'two')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  expect(await host.control.renameApp('one', 'three')).toMatchObject({ name: 'three' });
  await expect(host.control.app('one')).rejects.toMatchObject({ code: 'NO_SUCH_APP' });
  await host.close();
  const again = await hostIn(state);
  expect((await again.host.control.apps()).map(({ name }) => name).sort()).toEqual(['three', 'two']);
});

test('a domain goes to one app, even if two ask for it at once', async () => {
  const { host } = await hostIn(makeFolder());
  const asked = ['one', 'two'].map(async (name) => {
    await create(host, { name });
    return host.control.app(name);
  });
  const apps = await Promise.all(asked);
  const added = await Promise.allSettled(apps.map((app) => app.addDomain('www.example.com')));
  expect(added).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'DOMAIN_TAKEN' } },
  ]);
});

test('nothing is left of an app that was destroyed', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  await host.control.destroyApp('one');
  expect(readdirSync(join(state, 'apps'))).toEqual([]);
  expect(await host.control.apps()).toEqual([]);
});

test.each([
  ['a name that is taken', { name: 'one' }, 'NAME_TAKEN'],
  ['a name that leads elsewhere', { name: '../one' }, 'BAD_APP_NAME'],
])('refuses %s', async (_what, spec, code) => {
  const { host } = await hostIn(makeFolder());
  await create(host, { name: 'one' });
  await expect(host.control.createApp(spec)).rejects.toMatchObject({ code });
});

test('an app whose state is damaged is set aside, and named; the others run', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'broken' });
  const file = join(folderOf(state), 'app.json');
  await create(host, { name: 'whole' });
  await host.close();
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
  const again = await hostIn(state);
  expect(again.problems).toEqual([expect.stringContaining(`${file} is damaged`)]);
  expect((await again.host.control.apps()).map(({ name }) => name)).toEqual(['whole']);
  expect(existsSync(file)).toBe(true);
});

test('apps whose add-ons have a damaged record are left out, and kept', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  const { id } = await host.control.addons.create({ app: 'one', plan: 'scheduler' });
  await host.control.addons.settled(id);
  await host.close();
  const file = join(state, 'addons/addons.json');
  const record = readFileSync(file, 'utf8');
  writeFileSync(file, record.slice(0, 40));
  const again = await hostIn(state);
  expect(again.problems).toEqual([
    expect.stringMatching(/^An app is left out: .*addons\.json is damaged .* or move .*\/addons away /),
  ]);
  expect(await again.host.control.apps()).toEqual([]);
  await again.host.close();

  writeFileSync(file, record);
  const third = await hostIn(state);
  expect(third.problems).toEqual([]);
  expect((await third.host.control.addons.list()).map(({ app }) => app)).toEqual(['one']);
});

test('state of a newer dynosim is left alone', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  const file = join(folderOf(state), 'app.json');
  await host.close();
  writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 1', '"format": 2'));
  const again = await hostIn(state);
  expect(again.problems).toEqual([expect.stringContaining('was written by a newer dynosim')]);
});

test('apps keep the order in which they were created', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  const names = ['delta', 'alpha', 'charlie', 'bravo', 'echo'];
  for (const name of names) await create(host, { name });
  await host.close();
  const again = await hostIn(state);
  expect((await again.host.control.apps()).map(({ name }) => name)).toEqual(names);
});

test('a release whose record is damaged leaves out its app', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  await host.close();
  writeFileSync(join(folderOf(state), 'releases/2.json'), '{');
  const again = await hostIn(state);
  expect(again.problems).toEqual([expect.stringContaining('2.json is damaged')]);
  expect(await again.host.control.apps()).toEqual([]);
});

test('what has no record when the host starts is removed', async () => {
  const state = makeFolder({ 'apps/1a2b3c4d/slugs/1/server.js': '' });
  await hostIn(state);
  expect(readdirSync(join(state, 'apps'))).toEqual([]);
});

test('what a kill left half-written is removed when the host starts', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  await create(host, { name: 'one' });
  await host.close();
  const folder = folderOf(state);
  const drafts = ['app.json.1a2b3c4d.tmp', 'releases/3.json.9z.tmp', 'builds/1.log.0a1b2c.tmp'];
  for (const draft of drafts) writeFileSync(join(folder, draft), '{');
  await hostIn(state);
  expect(drafts.filter((draft) => existsSync(join(folder, draft)))).toEqual([]);
});

test('a change that cannot be kept has no effect', async () => {
  const state = makeFolder();
  const { host } = await hostIn(state);
  const app = await host.control.app(await create(host));
  const before = [await app.info(), await app.features(), await app.drains(), await app.formation()];
  // As a full disk would do it: the app's record cannot be written.
  const file = join(folderOf(state), 'app.json');
  rmSync(file);
  mkdirSync(join(file, 'x'), { recursive: true });
  for (const change of [
    () => app.setMaintenance(true),
    () => app.setFeature('preboot', true),
    () => app.addDrain('syslog://127.0.0.1:1'),
    () => app.scale([]),
    () => app.setConfig({ NAME: 'Ada' }),
  ])
    await expect(change()).rejects.toMatchObject({ code: 'STATE_UNUSABLE' });
  expect([await app.info(), await app.features(), await app.drains(), await app.formation()]).toEqual(before);
  expect(await app.configVars()).toEqual({});
});

test('a host without a store makes no apps', async () => {
  const host = await openHost({
    env: process.env,
    control: { token: 'secret', stateFolder: join(makeFolder(), 'state') },
  });
  onTestFinished(() => host.close());
  await expect(host.control.createApp({})).rejects.toMatchObject({ code: 'ONE_APP' });
});
