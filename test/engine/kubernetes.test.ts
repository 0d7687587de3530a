import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { describeOnMachines } from './helpers/describe.js';
import { ExportedApp } from './helpers/exported-app.js';
import { NO_PODMAN, Podman } from './helpers/podman.js';

describeOnMachines('the Kubernetes objects of an app', (machines) => {
  test('are run by podman, with config vars, until 143', async ({ skip }) => {
    if (NO_PODMAN !== undefined) return skip(NO_PODMAN);
    const app = new ExportedApp(machines, 'node-web-worker', {
      '.env': 'GREETING=hello\n',
      Procfile: 'web: node web.js\nworker: echo "at $HOME" && exec node worker.js\n',
    });
    await app.export('compose', ['--out', join(app.folder, 'elsewhere')]);
    await app.export('kubernetes');
    await app.build('kubernetes');
    const podman = new Podman(machines);
    await podman.load('node-web-worker');
    const search = ['find', '/app', '-name', 'config.env'];
    expect(await podman.run('run', '--rm', '--network', 'none', 'node-web-worker', ...search)).toBe('');
    const file = join(machines.folder, 'pods.yaml');
    writeFileSync(file, podsOf(join(app.folder, 'deploy', 'kubernetes')));

    onTestFinished(async () => void (await podman.run('pod', 'rm', '--all', '--force')));
    await podman.run('kube', 'play', file);
    const ask = () => machines.inNetwork('curl', ['--silent', '--fail', 'http://10.77.0.254:8080/']);
    expect(await vi.waitFor(ask, { timeout: 30_000, interval: 200 })).toMatch(/^Hello from web\./);
    const worker = 'node-web-worker-worker-pod-0-dyno';
    const [, env = ''] =
      /^env: (.*)$/m.exec(await podman.run('inspect', '--format', 'env: {{.Config.Env}}', worker)) ?? [];
    expect(env).toContain('GREETING=hello');
    expect(await podman.run('logs', worker)).toContain('at /app\n');
    await podman.run('stop', worker);
    expect(await podman.run('inspect', '--format', '{{.State.ExitCode}}', worker)).toBe('143');
  });
});

/** What podman knows of an export's objects; with a ConfigMap for the Secret, whose keys it cannot take as variables. */
function podsOf(folder: string): string {
  const objects = parseAllDocuments(readFileSync(join(folder, 'app.yaml'), 'utf8')).map((one) => one.toJS());
  const lines = readFileSync(join(folder, 'config.env'), 'utf8').matchAll(/^([^#=]+)=(.*)$/gm);
  const data = Object.fromEntries([...lines].map(([, key, value]) => [key, value]));
  const pods = objects.filter(({ kind }) => kind === 'Deployment');
  for (const { spec } of pods)
    for (const container of spec.template.spec.containers)
      container.envFrom = container.envFrom.map(({ secretRef }: { secretRef: object }) => ({
        configMapRef: secretRef,
      }));
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'node-web-worker-config' }, data };
  return [config, ...pods].map((one) => stringify(one)).join('---\n');
}
