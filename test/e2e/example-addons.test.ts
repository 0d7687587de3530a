import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { NO_REDIS, REDIS } from '../helpers/redis.js';

/** The folder of the example with its packages; undefined if npm cannot fetch them. */
function installed(name: string): string | undefined {
  const dir = makeFolder();
  cpSync(join(EXAMPLES, name), dir, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0', '--prefer-offline'];
  try {
    execFileSync('npm', ['ci', ...quiet], { cwd: dir, stdio: 'ignore' });
    return dir;
  } catch {
    return undefined;
  }
}

test('node-postgres-redis works on a queue, and keeps its results over a kill', async ({ skip }) => {
  if (!POSTGRES) return skip(NO_POSTGRES);
  if (!REDIS) return skip(NO_REDIS);
  const dir = installed('node-postgres-redis');
  if (dir === undefined) return skip("needs npm's registry");
  const env = { DYNOSIM_POSTGRES_BIN: POSTGRES.bin };
  const first = start(dir, ['--release-phase'], { env });
  await first.ready();
  const create = (plan: string) => run(['addons:create', plan, '--wait'], { cwd: dir });
  expect(await create('heroku-postgresql:essential-0')).toMatchObject({ status: 0 });
  expect(await create('heroku-redis:mini')).toMatchObject({ status: 0 });
  await first.printed(/"dyno":"worker.1","line":"Waiting for jobs"/);
  await first.printed(/"dyno":"web.1","line":"Listening"/);
  const { router } = await first.ready();
  const queued = await fetch(`${router}/?word=stressed`, { method: 'POST' });
  expect(await queued.text()).toBe('Queued stressed\n');
  await first.printed(/"dyno":"worker.1","line":"Reversed stressed"/);
  await first.stop('SIGKILL');

  const second = start(dir, [], { env });
  const ready = await second.ready();
  await second.printed(/"dyno":"web.1","line":"Listening"/);
  expect(await (await fetch(ready.router)).text()).toBe('stressed desserts\n');
  await second.stop();
});

/** Debian's Python packages belong to its own Python, which may not be the first on PATH. */
const PATH = `/usr/bin:${process.env.PATH}`;

function hasFlask(): boolean {
  try {
    execFileSync('python3', ['-c', 'import flask, gunicorn, psycopg2'], { env: { PATH }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('flask-postgres keeps its entries over a kill, a reset and a restore', async ({ skip }) => {
  if (!POSTGRES) return skip(NO_POSTGRES);
  if (!hasFlask()) return skip('needs gunicorn, python3-flask and python3-psycopg2');
  const dir = makeFolder();
  cpSync(join(EXAMPLES, 'flask-postgres'), dir, { recursive: true });
  const env = { DYNOSIM_POSTGRES_BIN: POSTGRES.bin, PATH };
  const first = start(dir, ['--release-phase', '--app', 'guests'], { env });
  const { router } = await first.ready();
  const type = (...words: readonly string[]) => run(words, { cwd: dir });
  await first.printed(/Booting worker/);
  expect(await type('addons:create', 'heroku-postgresql:essential-0', '--wait')).toMatchObject({ status: 0 });
  await first.printed(/"dyno":"release.\d+","line":"The table is there"/);
  await first.printed(/(?:Booting worker[\s\S]*){2}/);
  const written = await fetch(router, { method: 'POST', body: new URLSearchParams({ text: 'Hello' }) });
  expect(await written.text()).toBe('Entry 1\n');
  await first.stop('SIGKILL');

  const second = start(dir, ['--app', 'guests'], { env });
  const ready = await second.ready();
  await second.printed(/Booting worker/);
  const read = async () => (await fetch(ready.router)).text();
  expect(await read()).toBe('Hello\n');
  expect(await type('pg:backups:capture')).toMatchObject({ status: 0 });
  expect(await type('pg:reset', '--confirm', 'guests')).toMatchObject({ status: 0 });
  expect(await read()).not.toBe('Hello\n');
  expect(await type('pg:backups:restore', '--confirm', 'guests')).toMatchObject({ status: 0 });
  expect(await read()).toBe('Hello\n');
  await second.stop();
});
