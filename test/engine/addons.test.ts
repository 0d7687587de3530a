import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { NO_REDIS, REDIS } from '../helpers/redis.js';
import { describeOnMachines } from './helpers/describe.js';
import type { WITH_ADDONS } from './helpers/examples.js';
import type { ExportedApp } from './helpers/exported-app.js';
import { buildAddonImages, exportWithAddons } from './helpers/with-addons.js';

/** What is written is there a moment later. */
const SOON = { timeout: 30_000, interval: 200 };

describeOnMachines('an app with add-ons on two machines', (machines) => {
  beforeAll(() => buildAddonImages(machines));

  test('flask-postgres keeps its rows when its database restarts', async ({ skip }) => {
    if (!POSTGRES) return skip(NO_POSTGRES);
    const app = await deployed('flask-postgres', ['heroku-postgresql:essential-0']);
    expect(await app.ask('/', ['--data', 'text=Hello'])).toBe('Entry 1\n');
    await app.restart(/^postgresql-/);
    expect(await app.ask()).toBe('Hello\n');
    await app.scale({ web: 0 });
    await app.ended({ web: 0 });
  });

  test('node-postgres-redis keeps its rows and its queue when its servers restart', async ({ skip }) => {
    if (!POSTGRES) return skip(NO_POSTGRES);
    if (!REDIS) return skip(NO_REDIS);
    const plans = ['heroku-postgresql:essential-0', 'heroku-redis:premium-0'];
    const app = await deployed('node-postgres-redis', plans);
    const queue = (word: string) => app.ask(`/?word=${word}`, ['--request', 'POST']);
    const shows = (text: string) => vi.waitFor(async () => expect(await app.ask()).toBe(text), SOON);
    expect(await queue('stressed')).toBe('Queued stressed\n');
    await shows('stressed desserts\n');

    await app.scale({ worker: 0 });
    await queue('drawer');
    await app.restart(/^(?:postgresql|redis)-/);
    expect(await app.ask()).toBe('stressed desserts\n');
    await app.scale({ worker: 1 });
    await shows('stressed desserts\ndrawer reward\n');
    await app.scale({ web: 0, worker: 0 });
    await app.ended({ web: 0, worker: 0 });
  });

  async function deployed(...example: Example): Promise<ExportedApp> {
    const app = await exportWithAddons(machines, ...example);
    onTestFinished(() => app.down());
    await app.chooseNode();
    // The release command needs the database.
    await app.deploy();
    await app.areUp(/^postgresql-/);
    await app.release();
    return app;
  }
});

type Example = [(typeof WITH_ADDONS)[number], readonly string[]];
