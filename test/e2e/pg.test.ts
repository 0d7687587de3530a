import { expect, test } from 'vitest';
import { findProgram } from '../../src/base/find-program.js';
import { NO_POSTGRES, POSTGRES } from '../helpers/postgres.js';
import { startApp } from './commands-world.js';

const hasPsql = findProgram('psql', process.env.PATH ?? '') !== undefined;
if (POSTGRES) process.env.DYNOSIM_POSTGRES_BIN = POSTGRES.bin;

test.skipIf(!POSTGRES || !hasPsql)(`pg:* (${NO_POSTGRES}; psql)`, async () => {
  const { type } = await startApp({ Procfile: 'worker: sleep 1000\n' });
  const create = ['addons:create', 'heroku-postgresql:essential-0', '--wait', '--name'];
  expect(await type('pg:info')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('has no heroku-postgresql databases'),
  });
  expect(await type(...create, 'first')).toMatchObject({ status: 0 });
  expect(await type('pg:wait')).toMatchObject({ status: 0 });

  const info = await type('pg:info');
  expect(info.stdout).toMatch(
    /^=== DATABASE_URL\n\nPlan: +essential-0\nStatus: +Available\nConnections: +0\/20\nPG Version: .*\nAdd-on: +first\n/s,
  );
  const json = JSON.parse((await type('pg:info', '--json')).stdout);
  expect(json).toMatchObject([{ addon: { name: 'first' }, maxConnections: 20 }]);

  const psql = async (database: string, sql: string) => (await type('pg:psql', database, '-c', sql)).stdout;
  expect(await psql('DATABASE_URL', `create table words as select 'kept' as word`)).toBe('SELECT 1\n');
  expect((await type('pg:psql', '-c', 'select 1/0')).status).toBe(1);
  expect((await type('pg:ps')).stdout).toMatch(/ pid \| state .*\(0 rows\)/s);
  expect((await type('pg:killall')).stderr).toBe('Terminating connections for all credentials... done\n');
  const url = (await type('config:get', 'DATABASE_URL')).stdout.trim();
  expect((await type('pg:credentials:url')).stdout).toContain(`Connection URL:\n  ${url}\n`);

  expect(await type(...create, 'second')).toMatchObject({ status: 0 });
  expect((await type('pg:push', url, 'second')).stderr).toContain('Pushing complete.');
  expect((await type('pg:push', url, 'second')).stderr).toContain('Remote database is not empty.');
  expect((await type('pg:promote', 'second')).stderr).toMatch(
    /Promoting second to DATABASE_URL on ⬢ .*\.\.\. done\n$/,
  );
  expect(await psql('DATABASE_URL', 'select word from words')).toContain('kept');

  expect((await type('pg:reset', 'first')).stderr).toMatch(/first will lose all of its data.*--confirm/s);
  expect((await type('pg:reset', 'first', '--confirm', 'other')).status).toBe(1);
  expect(await psql('first', 'select word from words')).toContain('kept');
});
