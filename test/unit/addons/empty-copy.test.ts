import { expect, test } from 'vitest';
import { emptyCopy } from '../../../src/addons/empty-copy.js';
import type { AddonsRecord } from '../../../src/addons/records.js';

const AT = '2026-03-01T13:02:14.000Z';

const addon = (id: string, state: 'provisioning' | 'provisioned' | 'deprovisioning') =>
  ({
    id,
    name: `redis-${id}`,
    service: 'heroku-redis',
    plan: 'mini',
    app: 'theirs',
    state,
    created_at: AT,
    updated_at: AT,
    port: 20_001,
    settings: { password: 'secret' },
  }) as const;

const attachment = (id: string, to: string) =>
  ({ id, name: 'REDIS', addon: to, app: 'theirs', created_at: AT }) as const;

test('has add-ons of the same kind and name for another app, and nothing that is theirs', () => {
  const record: AddonsRecord = {
    addons: [addon('a', 'provisioned'), addon('b', 'deprovisioning')],
    attachments: [attachment('c', 'a'), attachment('d', 'b')],
    jobs: [{ id: 'e', addon: 'a', command: 'rake report', every: 'hourly', at: '30' }],
    backup_schedules: [{ id: 'f', addon: 'a', name: 'DATABASE_URL', hour: 2, timezone: 'UTC' }],
  };
  let last = 0;
  expect(emptyCopy(record, 'mine', () => `new-${++last}`)).toEqual({
    addons: [{ ...addon('a', 'provisioning'), id: 'new-1', app: 'mine', port: null }],
    attachments: [{ ...attachment('new-2', 'new-1'), app: 'mine' }],
    jobs: [{ id: 'new-3', addon: 'new-1', command: 'rake report', every: 'hourly', at: '30' }],
    backup_schedules: [],
  });
});
