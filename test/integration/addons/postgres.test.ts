import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { AddonView } from '../../../src/addons/control.js';
import { findProgram } from '../../../src/base/find-program.js';
import { makeFolder } from '../../helpers/folder.js';
import { NO_POSTGRES, POSTGRES, POSTGRES_CACHE, POSTGRES_SHELL } from '../../helpers/postgres.js';
import { commandLine, processesWith, untilGone } from '../../helpers/processes.js';
import { type AddonsOptions, startAddons } from '../../helpers/start-addons.js';
import { psql } from './psql.js';

const hasPsql = findProgram('psql', process.env.PATH ?? '') !== undefined;
const testWithServer = POSTGRES ? test : test.skip;
const testWithClient = POSTGRES && hasPsql ? test : test.skip;
if (!POSTGRES) process.stderr.write(`skipped: ${NO_POSTGRES}\n`);

const start = (options: AddonsOptions = {}) =>
  startAddons({ shell: POSTGRES_SHELL, cacheFolder: POSTGRES_CACHE, ...options });

type Started = Awaited<ReturnType<typeof start>>;

async function createDatabase({ addons, app }: Started): Promise<AddonView> {
  const addon = await addons.create({ app: 'app', plan: 'heroku-postgresql:essential-0' });
  await app.until(() => app.releases.some((text) => text.includes('completed provisioning')));
  return addon;
}

/** The folder of add-ons of a host that has created a database and ended: copying it takes less time. */
let created: string | undefined;
afterAll(() => created && rmSync(created, { recursive: true, force: true }));

/**
 * `cp`, because `cpSync` of Node 22.23 opens folders to others, which PostgreSQL refuses.
 * @param below between the test's folder and the copy
 */
async function copyOfCreated(...below: readonly string[]): Promise<string> {
  if (created === undefined) {
    const started = await start();
    await createDatabase(started);
    await started.close();
    created = mkdtempSync(join(tmpdir(), 'dynosim-'));
    await cp(started.world.folder, created, { recursive: true });
  }
  const folder = join(makeFolder(), ...below, 'addons');
  await cp(created, folder, { recursive: true });
  return folder;
}

/** Starts with a database that exists. */
async function startWithDatabase(options: AddonsOptions = {}) {
  const started = await start({ folder: await copyOfCreated(), ...options });
  const [addon] = await started.addons.list();
  if (!addon) throw new Error('no add-on');
  return { ...started, addon, url: started.app.values.DATABASE_URL ?? '' };
}

testWithClient('an app gets a database of its own, as on Heroku', async () => {
  const started = await start();
  const { name } = await createDatabase(started);
  const { app, world } = started;
  expect(app.releases).toEqual([
    `Attach DATABASE (@ref:${name})`,
    `@ref:${name} completed provisioning, setting DATABASE_URL. by heroku-postgresql@addons.heroku.com`,
  ]);
  const url = app.values.DATABASE_URL ?? '';
  expect(url).toMatch(/^postgres:\/\/u[a-z0-9]{13}:p[0-9a-f]{64}@127\.0\.0\.1:\d+\/d[a-z0-9]{13}$/);
  const { port, password, username, pathname } = new URL(url);

  await psql(url, 'create table words (word text); create extension pgcrypto');
  const sorted = await psql(
    url,
    `insert into words values ('b'), ('a'), ('é'), ('B'), ('A'), ('z'); select string_agg(word, ' ' order by word) from words`,
  );
  expect(sorted).toBe('a A b B é z');
  expect(await psql(url, `select rolconnlimit, rolsuper from pg_roles where rolname = current_user`)).toBe(
    '20|f',
  );
  expect(await psql(url, `select ssl from pg_stat_ssl where pid = pg_backend_pid()`)).toBe('t');

  // Nobody else gets in, and the app nowhere else.
  const elsewhere = (user: string, database: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  await expect(psql(elsewhere('postgres', 'template1'), 'select 1')).rejects.toThrow(
    /rejects connection|reject/,
  );
  await expect(psql(elsewhere(username, 'template1'), 'select 1')).rejects.toThrow(
    /permission denied for database/,
  );
  await expect(psql(`postgres://${username}:wrong@127.0.0.1:${port}${pathname}`, 'select 1')).rejects.toThrow(
    /password authentication failed/,
  );

  await expect(psql(url, 'select 1/0')).rejects.toThrow();
  await app.until(() => app.lines.some((line) => line.includes('STATEMENT')));
  expect(app.lines.find((line) => line.includes('division'))).toMatch(
    /^app\[postgres\.1\]: \[DATABASE\] \[\d+-1\] {2}sql_error_code = 22012 ERROR: {2}division by zero$/,
  );

  // A password is the owner's alone.
  expect(app.lines.join('\n')).not.toContain(password);
  const commands = processesWith('postgres').map(commandLine);
  expect(commands.join('\n')).not.toContain(password);
  const modes = execFileSync('find', [world.folder, '-perm', '/077'], { encoding: 'utf8' });
  expect(modes).toBe('');
});

/** Asks for TLS, and verifies the server as strict clients do. */
async function verify(url: string): Promise<string | undefined> {
  const { port, hostname: host } = new URL(url);
  const socket = connect(Number(port), host);
  await once(socket, 'connect');
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('S');
  const tls = connectTls({ socket, host });
  const [error] = await once(tls, 'error');
  socket.destroy();
  return (error as NodeJS.ErrnoException).code;
}

testWithClient('clients without TLS are told about it; those that verify fail as on Heroku', async () => {
  const { app, addon, url } = await startWithDatabase();
  expect(await verify(url)).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  for (let time = 1; time <= 2; time++)
    expect(await psql(url, 'select 1', { PGSSLMODE: 'disable' })).toBe('1');
  await app.until(() => app.lines.length > 0);
  expect(app.lines).toEqual([
    `dynosim: A client of ${addon.name} does not use TLS. On Heroku, its connection is refused; with --strict, here, too.`,
  ]);
});

testWithClient('a strict server refuses clients without TLS in its own words', async () => {
  const { url } = await startWithDatabase({ isStrict: true });
  const { username, pathname } = new URL(url);
  await expect(psql(url, 'select 1', { PGSSLMODE: 'disable' })).rejects.toThrow(
    `no pg_hba.conf entry for host "127.0.0.1", user "${username}", database "${pathname.slice(1)}", no encryption`,
  );
  expect(await psql(url, 'select 1')).toBe('1');
});

/** Recovery writes every file of a cluster to disk. */
const RECOVERY_MS = 180_000;

testWithClient(
  'rows that were acknowledged survive kills of the server',
  { timeout: RECOVERY_MS },
  async () => {
    const { app, addon, world, url } = await startWithDatabase();
    await psql(url, 'create table rows (n int)');
    const kills = [
      [() => serverPids(world.folder), 'ended with status 137; it is started again now'],
      // Of one process only: PostgreSQL itself would go on and on with a disk that is full.
      [
        () => childrenOf(world.folder).slice(0, 1),
        /ended with status 1 \(.* was terminated by signal 9: Killed\); it/,
      ],
    ] as const;
    let acknowledged = 0;
    for (const [victims, words] of kills) {
      await psql(url, `insert into rows values (${++acknowledged})`);
      for (const pid of victims()) process.kill(pid, 'SIGKILL');
      await app.until(() => app.lines.some((line) => line.includes(addon.name) && line.search(words) >= 0));
      await untilAnswers(url);
      expect(await psql(url, 'select count(*) from rows')).toBe(String(acknowledged));
    }
  },
);

/** Of the server itself. */
function serverPids(folder: string): readonly number[] {
  return processesWith(folder).filter((pid) => commandLine(pid).includes('bin/postgres\0'));
}

/** Of the server's own processes. */
function childrenOf(folder: string): readonly number[] {
  return serverPids(folder).flatMap((pid) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number),
  );
}

async function untilAnswers(url: string): Promise<void> {
  for (;;) {
    try {
      await psql(url, 'select 1');
      return;
    } catch {
      // It starts.
    }
  }
}

testWithServer('data stays from start to start; a taken port is exchanged by a release', async () => {
  const folder = await copyOfCreated('x'.repeat(200));
  const first = await startWithDatabase({ folder });
  const before = first.url;
  await first.close();
  expect(processesWith(folder)).toEqual([]);

  const second = await start({ folder });
  expect(second.app.values.DATABASE_URL ?? '').toBe(before);
  await second.close();

  const squatter = createServer().listen(Number(new URL(before).port), '127.0.0.1');
  onTestFinished(() => void squatter.close());
  await once(squatter, 'listening');
  const third = await start({ folder });
  const after = third.app.values.DATABASE_URL ?? '';
  expect(new URL(after).port).not.toBe(new URL(before).port);
  expect(new URL(after).password).toBe(new URL(before).password);
  expect(await verify(after)).toBe('SELF_SIGNED_CERT_IN_CHAIN');
});

testWithServer('a cluster is no longer made when the processes of dynosim end', async () => {
  const { addons, world, containment } = await start();
  await addons.create({ app: 'app', plan: 'heroku-postgresql:essential-0' });
  while (processesWith(world.folder).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await containment.close();
  expect(processesWith(world.folder)).toEqual([]);
});

testWithServer('the server of a killed dynosim is ended, and another process is let be', async () => {
  const folder = await copyOfCreated();
  // Nothing ends it but the next start.
  const first = await start({ folder, isPortable: true });
  const [old = 0] = serverPids(folder);
  const second = await start({ folder });
  expect(serverPids(folder)).not.toContain(old);
  expect(await verify(second.app.values.DATABASE_URL ?? '')).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  await second.close();
  await first.addons.close();

  // After a restart of the machine, the process ID in the lock file may belong to another program.
  const [data = ''] = readdirSync(folder).filter((name) => name !== 'addons.json');
  const lock = [process.pid, join(folder, data, 'data'), '1', '1', '', '', ''].join('\n');
  writeFileSync(join(folder, data, 'data', 'postmaster.pid'), lock);
  const third = await startWithDatabase({ folder });
  expect(await verify(third.url)).toBe('SELF_SIGNED_CERT_IN_CHAIN');
});

testWithServer('nothing is left of a database that is destroyed', async () => {
  const { addons, addon, app, url, world } = await startWithDatabase();
  const { port } = new URL(url);
  await addons.destroy(addon.id);
  await untilGone(world.folder);
  expect(app.vars?.size).toBe(0);
  expect(readdirSync(world.folder)).toEqual(['addons.json']);
  expect(existsSync(join(world.shell.XDG_RUNTIME_DIR ?? '', 'dynosim', `.s.PGSQL.${port}`))).toBe(false);
});

/** Segments of shared memory, by their IDs. */
const segments = (): readonly (string | undefined)[] =>
  readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[1]);

testWithServer('nor of one that was killed and cannot start again', async () => {
  const { addons, addon, app, world } = await startWithDatabase();
  const [data = ''] = readdirSync(world.folder).filter((name) => name !== 'addons.json');
  const cluster = join(world.folder, data, 'data');
  const lock = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  const segment = lock[6]?.trim().split(/\s+/)[1];
  expect(segments()).toContain(segment);
  rmSync(join(cluster, 'global', 'pg_control'));
  for (const pid of serverPids(world.folder)) process.kill(pid, 'SIGKILL');
  await app.until(() => app.lines.some((line) => line.includes('started again in 1s')));
  expect(segments()).toContain(segment);
  await addons.destroy(addon.id);
  expect(segments()).not.toContain(segment);
});

testWithServer('damaged data is told of in one line, and tried again with pauses', async () => {
  const folder = await copyOfCreated();
  const [data = ''] = readdirSync(folder).filter((name) => name !== 'addons.json');
  rmSync(join(folder, data, 'data', 'global', 'pg_control'));
  const { app, addon } = await startWithDatabase({ folder });
  expect(app.lines.find((line) => line.includes('is damaged'))).toBe(
    `dynosim: The data of ${addon.name} in ${join(folder, data)} is damaged. Restore the folder, or destroy the add-on.`,
  );
  expect(app.lines.at(-1)).toMatch(/ended with status \d+ \(.*\); it is started again in 1s$/);
});

testWithServer('so is a cluster that cannot be written to, as on a full disk', async () => {
  const folder = await copyOfCreated();
  const [data = ''] = readdirSync(folder).filter((name) => name !== 'addons.json');
  const cluster = join(folder, data, 'data');
  rmSync(join(cluster, 'postgresql.conf'));
  mkdirSync(join(cluster, 'postgresql.conf'));
  const { app, addon } = await startWithDatabase({ folder });
  expect(app.lines[0]).toMatch(`dynosim: ${addon.name} cannot start: Cannot write ${cluster}: E`);
});
