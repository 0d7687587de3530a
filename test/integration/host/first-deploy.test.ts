import { expect, test } from 'vitest';
import type { AppControl } from '../../../src/api/control.js';
import type { FirstDeploy } from '../../../src/apps/requests.js';
import type { Host } from '../../../src/host/host.js';
import { makeFolder } from '../../helpers/folder.js';
import { logged, startKeptHost } from '../../helpers/start-host.js';

const PROCFILE = 'worker: exec sleep 1000\nclock: exec sleep 1000\n';

async function create(host: Host, firstDeploy: FirstDeploy): Promise<AppControl> {
  await host.control.createApp({ name: 'demo', firstDeploy });
  const app = await host.control.app('demo');
  await app.setBuildpacks(['none']);
  return app;
}

/** @returns what the deploy prints */
async function deploy(app: AppControl, procfile = PROCFILE): Promise<string> {
  const { id } = await app.deploy(makeFolder({ Procfile: procfile }));
  let said = '';
  for await (const text of app.buildOutput(id, new AbortController().signal)) said += text;
  return said;
}

const formation = async (app: AppControl) =>
  (await app.formation()).map(({ type, quantity, size }) => `${type}=${quantity}:${size}`);

test('the first deploy starts the formation and runs the postdeploy script; a host that was stopped before knows them', async () => {
  const state = makeFolder();
  const before = await startKeptHost(state);
  await create(before, { formation: { worker: { quantity: 2, size: 'Basic' } }, postdeploy: 'echo once' });
  await before.close();

  const host = await startKeptHost(state);
  const app = await host.control.app('demo');
  expect(await deploy(app)).toContain(
    'dynosim: Running the postdeploy script of app.json...\n\nonce\n       dynosim: The postdeploy script is done.\n',
  );
  expect(await formation(app)).toEqual(['clock=0:Eco', 'worker=2:Basic']);
  await app.scale([{ type: 'worker', quantity: { to: 1 } }]);
  expect(await deploy(app)).not.toContain('once');
  expect(await formation(app)).toEqual(['clock=0:Eco', 'worker=1:Basic']);
});

test('code whose release command fails is not live; the release that makes it live runs the script', async () => {
  const host = await startKeptHost(makeFolder());
  const app = await create(host, {
    formation: { clock: { quantity: 1 } },
    postdeploy: 'echo "ready: $READY"',
  });
  expect(await deploy(app, `${PROCFILE}release: test "$READY"\n`)).not.toContain('postdeploy');
  expect(await formation(app)).toEqual([]);
  await app.setConfig({ READY: 'yes' });
  await logged(host.registry.get('demo').app, /^ready: yes$/);
  expect(await formation(app)).toEqual(['clock=1:Eco', 'worker=0:Eco']);
});

test('new apps get the size of the host', async () => {
  const host = await startKeptHost(makeFolder(), { size: 'Basic' });
  const app = await create(host, {});
  await deploy(app);
  expect(await formation(app)).toEqual(['clock=0:Basic', 'worker=0:Basic']);
});
