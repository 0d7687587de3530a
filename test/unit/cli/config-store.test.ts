import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addonsFile, addonsFolder } from '../../../src/addons/folder.js';
import { AddonStore } from '../../../src/addons/store.js';
import { openConfig } from '../../../src/cli/config-store.js';
import { dataFolder } from '../../../src/tls/data-folder.js';
import { makeFolder } from '../../helpers/folder.js';

/** An app that does not run, has a `.env`, and a database. */
async function makeApp(): Promise<string> {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('XDG_DATA_HOME', makeFolder());
  vi.stubEnv('XDG_STATE_HOME', makeFolder());
  const dir = makeFolder({ '.env': 'A=1\n', Procfile: 'web: serve\n' });
  const at = '2026-01-01T00:00:00.000Z';
  const store = new AddonStore(addonsFolder(dataFolder(process.env), dir));
  await store.update(() => ({
    addons: [
      {
        id: 'db-id',
        name: 'db-1',
        service: 'heroku-postgresql',
        plan: 'essential-0',
        app: 'app-id',
        state: 'provisioned',
        created_at: at,
        updated_at: at,
        port: 25_000,
        settings: {},
      },
    ],
    attachments: [{ id: 'at-id', name: 'DATABASE', addon: 'db-id', app: 'app-id', created_at: at }],
  }));
  return dir;
}

test('config vars of an add-on are named, and refused, while the app does not run', async () => {
  const dir = await makeApp();
  const config = await openConfig({ dir });
  expect(config.attached).toEqual(['DATABASE_URL']);
  expect(await config.read()).toEqual({ A: '1' });
  await expect(config.change(new Map([['DATABASE_URL', 'x']]))).rejects.toMatchObject({
    code: 'CONFIG_VAR_ATTACHED',
    message: 'Cannot overwrite attachment values DATABASE_URL',
    hint: 'They come from db-1.',
  });
  await config.change(new Map([['B', '2']]));
  expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('A=1\nB=2\n');
});

test('files that are named are not those of the app', async () => {
  const dir = await makeApp();
  expect((await openConfig({ dir, env: ['.env'] })).attached).toEqual([]);
});

test('what a kill has left of a half-written record is removed', async () => {
  const folder = makeFolder();
  const draft = `${addonsFile(folder)}.1a2b3c4d.tmp`;
  writeFileSync(draft, 'password');
  expect(new AddonStore(folder).addons).toEqual([]);
  expect(() => readFileSync(draft)).toThrow('ENOENT');
});
