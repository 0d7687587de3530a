import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addonsFile } from '../../../src/addons/folder.js';
import { RemoteHost } from '../../../src/api/client/remote-host.js';
import type { App } from '../../../src/apps/app.js';
import { addonFolders } from '../../../src/host/host-addons.js';
import { makeFolder } from '../../helpers/folder.js';
import { createAddon, startAddonWorld } from './world.js';

const PROCFILE = { Procfile: 'worker: sleep 1000\ngreet: echo hello\n' };

/** What the log says of scheduled jobs: without the numbers of dynos. */
function jobLines(app: App): readonly string[] {
  return app.logs
    .recent(1500)
    .filter(({ dyno, line }) => dyno.startsWith('scheduler.') || /^Starting .*scheduler@/.test(line))
    .map(({ source, dyno, line }) => `${source}[${dyno.replace(/\d+/, 'N')}]: ${line}`);
}

test('a job runs in a one-off dyno, with the lines of Heroku', async () => {
  const world = await startAddonWorld({ dir: makeFolder(PROCFILE) });
  await createAddon(world, { plan: 'scheduler:standard' });
  const { control } = world.host;
  await control.addons.scheduler.add({ app: 'demo', command: 'greet', every: '10m', at: null });
  await control.advanceClock(10 * 60_000);
  expect(jobLines(world.app)).toEqual([
    'app[api]: Starting process with command `echo hello` by user scheduler@addons.heroku.com',
    'heroku[scheduler.N]: Starting process with command `echo hello`',
    'heroku[scheduler.N]: State changed from starting to up',
    'app[scheduler.N]: hello',
    'heroku[scheduler.N]: Process exited with status 0',
    'heroku[scheduler.N]: State changed from up to complete',
  ]);
});

test('an app that sleeps has its jobs run, and sleeps on', async () => {
  const server = "require('node:http').createServer().listen(process.env.PORT)";
  const dir = makeFolder({ Procfile: `web: exec node -e "${server}"\n` });
  const world = await startAddonWorld({ dir });
  await createAddon(world, { plan: 'scheduler:standard' });
  const { control } = world.host;
  await control.addons.scheduler.add({ app: 'demo', command: 'echo hello', every: 'hourly', at: '30' });
  const app = await control.app('demo');
  await app.sleep();
  await control.advanceClock(2 * 60 * 60_000);
  expect(jobLines(world.app).filter((line) => line.endsWith('hello'))).toHaveLength(2);
  expect(await app.dynos()).toMatchObject([{ name: 'web.1', state: 'idle' }]);
});

test('the client of the API and the host answer alike', async () => {
  const { host, app } = await startAddonWorld({ dir: makeFolder(PROCFILE) });
  await createAddon({ host, app }, { plan: 'scheduler:standard' });
  const remote = new RemoteHost(host.address, 'secret').addons.scheduler;
  const local = host.control.addons.scheduler;
  const job = await remote.add({ app: 'demo', command: 'greet', every: 'daily', at: '2:30' });
  expect(job).toMatchObject({ command: 'greet', every: 'daily', at: '02:30' });
  expect(await remote.jobs('demo')).toEqual([job]);
  expect(await local.jobs('demo')).toEqual([job]);
  await expect(remote.remove('demo', 'x')).rejects.toMatchObject({ code: 'NO_SUCH_JOB' });
  expect(await remote.remove('demo', job.id)).toEqual(job);
  expect(await local.jobs('demo')).toEqual([]);
});

test('jobs are gone with their add-on', async () => {
  const world = await startAddonWorld({ dir: makeFolder(PROCFILE) });
  const { id } = await createAddon(world, { plan: 'scheduler:standard' });
  const { addons } = world.host.control;
  await addons.scheduler.add({ app: 'demo', command: 'greet', every: '10m', at: null });
  await addons.destroy(id);
  await createAddon(world, { plan: 'scheduler:standard' });
  expect(await addons.scheduler.jobs('demo')).toEqual([]);
});

test.for([
  { state: 'provisioning', left: [{ state: 'provisioned' }] },
  { state: 'deprovisioning', left: [] },
])('a start goes on with an add-on that a kill has left $state, before there is a release', async (given) => {
  const dir = makeFolder(PROCFILE);
  const killed = await startAddonWorld({ dir });
  await createAddon(killed, { plan: 'scheduler:standard' });
  await killed.host.close();
  const file = addonsFile(addonFolders(process.env, dir).folder);
  const records = readFileSync(file, 'utf8');
  writeFileSync(file, records.replace('"state": "provisioned"', `"state": "${given.state}"`));

  const { host, app } = await startAddonWorld({ dir });
  expect(app.release.addonPlans).toEqual(given.left.map(() => 'scheduler:standard'));
  expect(app.releases.views()).toHaveLength(1);
  expect(await host.control.addons.list()).toMatchObject(given.left);
});
