import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { describeOnMachines } from './helpers/describe.js';
import { ExportedApp } from './helpers/exported-app.js';
import { buildAddonImages, exportWithAddons } from './helpers/with-addons.js';

describeOnMachines('an app on one machine by Docker Compose', (machines) => {
  test('ends with 143 as on Heroku', async ({ skip }) => {
    if (!hasCompose()) return skip(NO_COMPOSE);
    const app = new ExportedApp(machines, 'node-web-worker');
    await app.export();
    await app.build();
    onTestFinished(() => app.compose('down'));
    await app.compose('up');
    expect(await app.ask()).toBe('Hello from web.1: GET /\n');
    await app.compose('down');
    await app.ended({ web: 0, worker: 143, clock: 143 });
  });

  test('waits for its database and its release command', async ({ skip }) => {
    if (!hasCompose()) return skip(NO_COMPOSE);
    if (!POSTGRES) return skip(NO_POSTGRES);
    await buildAddonImages(machines);
    const app = await exportWithAddons(machines, 'flask-postgres', ['heroku-postgresql:essential-0']);
    onTestFinished(() => app.compose('down'));
    await app.compose('up');
    await app.ended({ release: 0 });
    expect(await app.ask('/', ['--data', 'text=Hello'])).toBe('Entry 1\n');
    await app.compose('down');
    await app.compose('up');
    expect(await app.ask()).toBe('Hello\n');
  });
});

const NO_COMPOSE = 'needs Debian package docker-compose';

function hasCompose(): boolean {
  try {
    execFileSync('docker-compose', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
