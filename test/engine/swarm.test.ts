import { beforeAll, expect, test, vi } from 'vitest';
import { describeOnMachines } from './helpers/describe.js';
import { ExportedApp } from './helpers/exported-app.js';
import { figure, secondsOf } from './helpers/figures.js';
import { startLoad } from './helpers/load.js';

describeOnMachines('an app on two machines', (machines) => {
  let app: ExportedApp;
  beforeAll(async () => {
    app = new ExportedApp(machines, 'node-web-worker', { '.env': 'GREETING=hello\n' });
    await app.export('compose', ['--image', 'node-web-worker:1']);
    await app.build();
    return () => app.down();
  });

  test('starts', async () => {
    const seconds = await secondsOf(async () => {
      await app.deploy('by containers');
      await Promise.all(['web', 'worker', 'clock'].map((type) => app.settled(type, 1)));
    });
    figure(`start: web, worker and clock run ${seconds} s after "docker stack deploy"`);
  });

  test('is scaled', async () => {
    await app.scale({ web: 0 });
    const seconds = await secondsOf(async () => {
      await app.scale({ web: 4 });
      const containers = await app.containers('web');
      expect(new Set(containers.map(({ node }) => node))).toEqual(new Set(['node1', 'node2']));
    });
    figure(`scale: web from 0 to 4 in ${seconds} s, on both machines`);
  });

  test('loses no request while a new version is deployed', async () => {
    const load = await startLoad(machines, app.name);
    app.write('.env', 'GREETING=goodbye\n');
    // A deploy makes as many as the file says, whatever they were scaled to.
    app.write('.dynosimrc', '--formation web=4\n');
    await app.export('compose', ['--image', 'node-web-worker:2']);
    await app.build();
    const seconds = await secondsOf(async () => {
      await app.deploy('by containers');
      await updated(`${app.name}_web`);
    });
    const { sent, lost, errors } = await load.stop();
    figure(`update: 4 of web replaced in ${seconds} s; of ${sent} requests meanwhile, ${lost} were lost`);
    expect(errors).toEqual({});
    expect(sent).toBeGreaterThan(100);
    for (const container of await app.settled('web', 4))
      expect(await app.env(container)).toContain('GREETING=goodbye');
  });

  test('heals when a machine is gone', async () => {
    machines.kill('node2');
    const seconds = await secondsOf(async () => {
      await app.settled('web', 4);
      await app.settled('worker', 1);
      await app.settled('clock', 1);
    });
    figure(
      `heal: ${seconds} s after the plug of a machine was pulled, all of its processes run on the other`,
    );
    await machines.switchOn('node2');
    await vi.waitFor(async () => {
      const nodes = await machines.docker(['node', 'ls', '--format', '{{.Status}}']);
      expect(nodes).toBe('Ready\nReady');
    });
  });

  async function updated(service: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const args = ['service', 'inspect', '--format', '{{json .UpdateStatus.State}}', service];
        expect(JSON.parse(await machines.docker(args))).toBe('completed');
      },
      { timeout: 120_000, interval: 200 },
    );
  }
});
