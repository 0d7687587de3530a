import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from '../../../src/base/find-program.js';
import { makeFolder } from '../../helpers/folder.js';
import { POSTGRES, POSTGRES_CACHE, POSTGRES_SHELL } from '../../helpers/postgres.js';
import { psql } from './psql.js';
import { createAddon, startAddonWorld, varOf } from './world.js';

const hasPsql = findProgram('psql', process.env.PATH ?? '') !== undefined;
const testWithClient = POSTGRES && hasPsql ? test : test.skip;

/** A host with an app that has a database, and its API as the real CLI uses it. */
async function startWithDatabase() {
  const env = {
    ...POSTGRES_SHELL,
    XDG_DATA_HOME: makeFolder(),
    XDG_RUNTIME_DIR: makeFolder(),
    XDG_CACHE_HOME: join(POSTGRES_CACHE, '..'),
  };
  const world = await startAddonWorld({ env });
  const addon = await createAddon(world, { plan: 'heroku-postgresql:essential-0' });
  const ask = async (method: string, path: string, body?: unknown, authorization = 'Bearer secret') => {
    const response = await fetch(`${world.host.apiUrl}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    return { status: response.status, body: (await response.json()) as any };
  };
  return { ...world, addon, ask, url: () => varOf(world.app, 'DATABASE_URL') };
}

testWithClient('the data API tells of a database, empties it, and ends its connections', async () => {
  const { addon, ask, url } = await startWithDatabase();
  const at = `/client/v11/databases/${addon.id}`;
  await psql(url(), 'create table words (word text)');

  const { body } = await ask('GET', at);
  expect(body).toMatchObject({ name: addon.name, resource_url: url(), 'waiting?': false });
  const values = Object.fromEntries(
    body.info.map(({ name, values }: { name: string; values: string[] }) => [name, values.join()]),
  );
  expect(values).toMatchObject({ Plan: 'essential-0', Status: 'Available', Tables: '1/4000 (0.03%)' });
  expect(values['PG Version']).toBe(POSTGRES?.version.replace(/ .*/, ''));
  expect(await ask('GET', `${at}/wait_status`)).toEqual({
    status: 200,
    body: { message: 'available', 'waiting?': false },
  });

  const sleeper = psql(url(), 'select pg_sleep(600)');
  const killed = expect(sleeper).rejects.toThrow(/terminating connection due to administrator command/);
  while (
    (await psql(
      url(),
      `select count(*) from pg_stat_activity where query like '%sleep(6%' and pid <> pg_backend_pid()`,
    )) === '0'
  );
  expect((await ask('POST', `${at}/connection_reset`)).status).toBe(200);
  await killed;

  expect((await ask('PUT', `${at}/reset`, { extensions: ['hstore'] })).status).toBe(200);
  expect(
    await psql(
      url(),
      `select to_regclass('words') is null, extname from pg_extension where extname = 'hstore'`,
    ),
  ).toBe('t|hstore');
  expect(await ask('GET', '/client/v11/databases/no-such')).toMatchObject({
    status: 404,
    body: { resource: 'add_on' },
  });
});

testWithClient(
  'credentials need the token as a password, there alone; rotation makes a release',
  async () => {
    const { addon, app, ask, url } = await startWithDatabase();
    const at = `/postgres/v0/databases/${addon.name}`;
    const basic = (token: string): string => `Basic ${Buffer.from(`:${token}`).toString('base64')}`;
    const { username, password, port } = new URL(url());

    const { body } = await ask('GET', `${at}/credentials`, undefined, basic('secret'));
    expect(body).toMatchObject([
      { name: 'default', state: 'active', port: Number(port), credentials: [{ user: username, password }] },
    ]);
    expect((await ask('GET', '/apps', undefined, basic('secret'))).status).toBe(401);
    for (const wrong of [basic('wrong'), 'Bearer secret']) {
      expect(await ask('GET', `${at}/credentials`, undefined, wrong)).toMatchObject({
        status: 401,
        body: { id: 'unauthorized' },
      });
    }

    const before = url();
    await ask('POST', `${at}/credentials/default/credentials_rotation`, {}, basic('secret'));
    expect(app.releases.views().at(-1)).toMatchObject({
      description: 'Update DATABASE by heroku-postgresql',
    });
    expect(url()).not.toBe(before);
    expect(await psql(url(), 'select 1')).toBe('1');
    await expect(psql(before, 'select 1')).rejects.toThrow(/password authentication failed/);
  },
);

testWithClient('a backup is captured, fetched by those who know its address, and restored', async () => {
  const { addon, ask, host, url } = await startWithDatabase();
  const at = `/client/v11/databases/${addon.id}`;
  await psql(url(), `create table words as select 'kept' as word`);
  const { body: backup } = await ask('POST', `${at}/backups`);
  expect(backup).toMatchObject({ num: 1, from_type: 'pg_dump', to_type: 'gof3r', succeeded: true });
  await psql(url(), `update words set word = 'lost'`);

  const { body: place } = await ask('POST', '/client/v11/apps/demo/transfers/1/actions/public-url');
  expect(place.url).toMatch(/^https:/);
  const response = await fetch(place.url.replace('https:', 'http:'));
  expect((await response.arrayBuffer()).byteLength).toBe(backup.processed_bytes);
  expect((await fetch(`${host.apiUrl}/dynosim/backups/no-such`)).status).toBe(404);

  const { body: restore } = await ask('POST', `${at}/restores`, { backup_url: backup.to_url });
  expect(restore).toMatchObject({ num: 2, to_type: 'pg_restore', succeeded: true });
  expect(await psql(url(), 'select word from words')).toBe('kept');

  // What cannot be restored does no harm.
  const { body: failed } = await ask('POST', `${at}/restores`, { backup_url: `${host.apiUrl}/apps` });
  expect(failed).toMatchObject({
    succeeded: false,
    logs: [{ message: expect.stringContaining('the answer is 401 Unauthorized') }],
  });
  expect(await psql(url(), 'select word from words')).toBe('kept');

  // A file that is gone is no backup.
  const { file } = (await host.control.addons.postgres.transfers())[0] ?? { file: '' };
  rmSync(file);
  expect((await fetch(place.url.replace('https:', 'http:'))).status).toBe(404);

  const { body: all } = await ask('GET', '/client/v11/apps/demo-id/transfers');
  expect(all.map(({ num }: { num: number }) => num)).toEqual([1, 2, 3]);
  await ask('DELETE', '/client/v11/apps/demo/transfers/1');
  expect((await fetch(place.url.replace('https:', 'http:'))).status).toBe(404);
});
