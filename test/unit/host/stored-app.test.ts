import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PastRelease } from '../../../src/apps/releases.js';
import { StoredApp } from '../../../src/host/store/stored-app.js';
import { makeFolder } from '../../helpers/folder.js';

const RECORD = {
  id: 'demo-id',
  name: 'demo',
  created_at: '2026-01-01T00:00:00.000Z',
  config: {},
  formation: {},
  maintenance: false,
  features: [],
  drains: [],
  domains: [],
  buildpacks: [],
};

test('a release is read as it was saved: its config vars with their origin, its add-ons, its user', async () => {
  const folder = join(makeFolder(), 'demo');
  const stored = await StoredApp.create(folder, RECORD, () => 0);
  const past: PastRelease = {
    release: {
      id: 'release-1',
      version: 1,
      description: 'Attach DATABASE (@ref:db-1)',
      createdAt: 1_700_000_000_000,
      slug: stored.blank,
      config: new Map([
        ['GREETING', { value: 'hello', from: { kind: 'store' } }],
        ['DATABASE_URL', { value: 'postgres://…', from: { kind: 'addon', name: 'db-1' } }],
      ]),
      addonPlans: ['heroku-postgresql:essential-0'],
      by: 'heroku-postgresql@addons.heroku.com',
    },
    status: 'succeeded',
  };
  await stored.save(past);
  expect(StoredApp.load(folder, () => 0)?.past().releases).toEqual([past]);
});
