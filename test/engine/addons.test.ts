import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { run, start } from '../helpers/dynosim.js';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { NO_REDIS, REDIS } from '../helpers/redis.js';
import { describeOnMachines } from './helpers/describe.js';
import type { WITH_ADDONS } from './helpers/examples.js';
import { ExportedApp } from './helpers/exported-app.js';
import { SCRIPTS } from './helpers/machines.js';

/** What is written is there a moment later. */
const SOON = { timeout: 30_000, interval: 200 };

describeOnMachines('an app with add-ons on two machines', (machines) => {
  beforeAll(async () => {
    const build = (tag: string, file: string) =>
      machines.runLines([`docker build --tag ${tag} --file ${file} .`], join(SCRIPTS, 'addons'));
    await build(`postgres:${POSTGRES?.major}`, 'postgres.Dockerfile');
    await build('valkey/valkey:8', 'valkey.Dockerfile');
  });

  test('flask-postgres keeps its rows when its database restarts', async ({ skip }) => {
    if (!POSTGRES) return skip(NO_POSTGRES);
    const app = await deployed('flask-postgres', ['heroku-postgresql:essential-0']);
    expect(await app.ask('/', ['--data', 'text=Hello'])).toBe('Entry 1\n');
    await app.restart(/^postgresql-/);
    expect(await app.ask()).toBe('Hello\n');
    await app.down();
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

    const scale = (quantity: number) =>
      machines.docker(['service', 'scale', `${app.name}_worker=${quantity}`]);
    await scale(0);
    await queue('drawer');
    await app.restart(/^(?:postgresql|redis)-/);
    expect(await app.ask()).toBe('stressed desserts\n');
    await scale(1);
    await shows('stressed desserts\ndrawer reward\n');
    await app.down();
    await app.ended({ web: 0, worker: 0 });
  });

  /** An example as a stack, with add-ons that it has got from a dynosim in which it was for a moment. */
  async function deployed(
    example: (typeof WITH_ADDONS)[number],
    plans: readonly string[],
  ): Promise<ExportedApp> {
    const app = new ExportedApp(machines, example);
    const env = { DYNOSIM_POSTGRES_BIN: POSTGRES?.bin ?? '' };
    const dynosim = start(app.folder, ['--formation', 'all=0'], { env });
    await dynosim.ready();
    for (const plan of plans) {
      const { status, stderr } = await run(['addons:create', plan, '--wait'], { cwd: app.folder });
      expect({ status, stderr }).toMatchObject({ status: 0 });
    }
    await dynosim.stop();

    onTestFinished(() => app.down());
    await app.export();
    await app.build();
    await app.chooseNode();
    // The release command needs the database.
    await app.deploy();
    await app.areUp(/^postgresql-/);
    await app.release();
    return app;
  }
});
