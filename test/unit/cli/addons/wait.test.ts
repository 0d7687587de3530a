import { expect, test } from 'vitest';
import type { AddonView } from '../../../../src/addons/control.js';
import { untilCreated } from '../../../../src/cli/addons/wait.js';

const ADDON: AddonView = {
  id: '1',
  name: 'db-1',
  service: 'heroku-redis',
  plan: 'mini',
  app: 'demo',
  state: 'provisioned',
  createdAt: 0,
  updatedAt: 0,
  configVars: [],
};

test('an add-on that was created is returned', async () => {
  expect(await untilCreated('db-1', async () => ADDON)).toBe(ADDON);
});

test('an add-on that could not be created is an error that says why', async () => {
  const settled = async (): Promise<AddonView> => ({
    ...ADDON,
    state: 'deprovisioning',
    problem: 'redis-server ended (status 3)',
  });
  await expect(untilCreated('db-1', settled)).rejects.toMatchObject({
    code: 'NOT_CREATED',
    message: 'db-1 could not be created: redis-server ended (status 3)',
  });
});
