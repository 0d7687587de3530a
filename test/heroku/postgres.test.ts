import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from '../../src/base/find-program.js';
import { makeFolder } from '../helpers/folder.js';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { startHeroku } from './heroku-world.js';

const hasPsql = findProgram('psql', process.env.PATH ?? '') !== undefined;
if (POSTGRES) process.env.DYNOSIM_POSTGRES_BIN = POSTGRES.bin;

const testWithDatabase = test.skipIf(!POSTGRES || !hasPsql);
const CREATE = ['addons:create', 'heroku-postgresql:essential-0', '--wait', '--name'] as const;

/** An app with a database `first`. */
async function startWithDatabase() {
  const { heroku } = await startHeroku();
  expect(await heroku(...CREATE, 'first')).toMatchObject({ status: 0 });
  const psql = async (sql: string): Promise<string> => (await heroku('pg:psql', '-c', sql)).stdout;
  return { heroku, psql };
}

testWithDatabase(`a database, and another one in its place (${NO_POSTGRES}; psql)`, async () => {
  const { heroku, psql } = await startWithDatabase();
  expect((await heroku('pg:wait')).status).toBe(0);
  const info = await heroku('pg:info');
  expect(info.stdout).toMatch(
    /^=== DATABASE_URL\n\nPlan: +essential-0\nStatus: +Available\nConnections: +0\/20\nPG Version: +\d+\.\d+\nCreated: .*\nData Size: +\S+ MB \/ 1 GB \(.*%\)\nTables: +0\/4000 \(0%\)\nFork\/Follow: +Unsupported\nRollback: +Unsupported\nContinuous Protection: +Off\nAdd-on: +first\n/,
  );

  expect(await psql('create table words (word text)')).toBe('CREATE TABLE\n');
  expect(await psql(`insert into words values ('kept')`)).toBe('INSERT 0 1\n');
  expect((await heroku('pg:ps')).stdout).toMatch(/ pid \| state .*\(0 rows\)/s);
  expect((await heroku('pg:killall')).status).toBe(0);

  const listed = await heroku('pg:credentials');
  expect(listed.stdout).toMatch(/default +active\n.*└─ as DATABASE/);
  const { stdout: url } = await heroku('config:get', 'DATABASE_URL');
  expect((await heroku('pg:credentials:url')).stdout).toContain(url.trim());
  expect((await heroku('pg:credentials:rotate', '--confirm', 'my-app')).status).toBe(0);
  expect((await heroku('config:get', 'DATABASE_URL')).stdout).not.toBe(url);
  expect((await heroku('releases')).stdout).toMatch(/Update DATABASE by heroku-postg/);

  expect(await heroku(...CREATE, 'second')).toMatchObject({ status: 0 });
  const promoted = await heroku('pg:promote', 'second');
  expect(promoted.stderr).toMatch(
    /Ensuring an alternate alias for existing DATABASE_URL\.\.\. HEROKU_POSTGRESQL_[A-Z]+_URL\n.*Promoting second to DATABASE_URL on .*my-app\.\.\. done/s,
  );
  expect((await heroku('pg:promote', 'second')).stderr).toMatch(/second is already promoted on .*my-app/);

  // From the one to the other: both are on this machine.
  const other = (await heroku('pg:credentials:url', 'first')).stdout;
  const [, from = ''] = /(postgres:\/\/\S+)/.exec(other) ?? [];
  expect(await heroku('pg:push', from, 'DATABASE_URL')).toMatchObject({ status: 0 });
  expect(await psql('select word from words')).toContain('kept');
});

testWithDatabase(`backups of a database (${NO_POSTGRES}; psql)`, async () => {
  const { heroku, psql } = await startWithDatabase();
  await psql(`create table words as select 'kept' as word`);
  const captured = await heroku('pg:backups:capture');
  expect(captured.stderr).toMatch(/Backing up first to b001\.\.\. done/);
  const backups = await heroku('pg:backups');
  expect(backups.stdout).toMatch(/b001 +\S+ +Completed \S+ +\S+[KM]B +first/);
  expect((await heroku('pg:backups:url')).stdout).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\/dynosim\/backups\/\S+\n/,
  );
  const file = join(makeFolder(), 'latest.dump');
  expect((await heroku('pg:backups:download', '-o', file)).status).toBe(0);
  expect(existsSync(file) && statSync(file).size).toBeGreaterThan(1000);

  expect((await heroku('pg:reset', '--confirm', 'my-app')).stderr).toMatch(/Resetting .*first\.\.\. done/);
  expect(await psql('select 1 where to_regclass($$words$$) is null')).toContain('(1 row)');
  const scheduled = await heroku('pg:backups:schedule', 'DATABASE_URL', '--at', '02:00 America/Los_Angeles');
  expect(scheduled.stderr).toMatch(
    /Scheduling automatic daily backups of .* at 0?2:00 America\/Los_Angeles\.\.\. done/,
  );
  expect((await heroku('pg:backups:schedules')).stdout).toContain(
    'DATABASE_URL: daily at 2:00 America/Los_Angeles',
  );
  expect((await heroku('pg:backups:unschedule', 'DATABASE_URL')).stderr).toMatch(/daily backups\.\.\. done/);
  const restored = await heroku('pg:backups:restore', 'b001', '--confirm', 'my-app');
  expect(restored.stderr).toMatch(/Restoring\.\.\. done/);
  expect(await psql('select word from words')).toContain('kept');
});
