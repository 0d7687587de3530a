import { expect, test } from 'vitest';
import { BackupSchedules, nextBackup } from '../../../../src/addons/postgres/backup-schedules.js';
import type { AddonRecord } from '../../../../src/addons/records.js';
import { AddonStore } from '../../../../src/addons/store.js';
import { PlatformClock } from '../../../../src/base/clock.js';
import { UserError } from '../../../../src/base/errors.js';
import { FakeAddonApp } from '../../../helpers/fake-addons.js';
import { makeFolder } from '../../../helpers/folder.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

const HOUR = 60 * 60_000;

test.each([
  ['2026-03-01T00:10:00Z', 2, 'UTC', '2026-03-01T02:00:00Z'],
  ['2026-03-01T02:00:00Z', 2, 'UTC', '2026-03-02T02:00:00Z'],
  ['2026-01-15T12:00:00Z', 2, 'America/Los_Angeles', '2026-01-16T10:00:00Z'],
  ['2026-07-15T12:00:00Z', 2, 'America/Los_Angeles', '2026-07-16T09:00:00Z'],
  ['2026-07-15T12:00:00Z', 0, 'Asia/Kathmandu', '2026-07-15T18:15:00Z'],
  // Clocks are put forward from 2 to 3: this day has no 02:00.
  ['2026-03-08T09:59:00Z', 2, 'America/Los_Angeles', '2026-03-09T09:00:00Z'],
  ['2026-03-07T10:00:00Z', 2, 'America/Los_Angeles', '2026-03-09T09:00:00Z'],
])('after %s the next backup at %i:00 %s is at %s', (now, hour, timezone, next) => {
  expect(new Date(nextBackup({ hour, timezone }, Date.parse(now))).toISOString()).toBe(
    next.replace('Z', '.000Z'),
  );
});

const DATABASE: AddonRecord = {
  id: 'db-id',
  name: 'db-1',
  service: 'heroku-postgresql',
  plan: 'essential-0',
  app: 'demo-id',
  state: 'provisioned',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  port: 25_000,
  settings: {},
};

async function world() {
  const clock = new ManualClock();
  const store = new AddonStore(`${makeFolder()}/addons`);
  await store.update(() => ({ addons: [DATABASE] }));
  const captured: string[] = [];
  const disk = { isFull: false };
  const app = new FakeAddonApp('demo');
  const schedules = new BackupSchedules({
    world: {
      time: { real: clock, platform: new PlatformClock(clock), wall: () => clock.now() },
      app: () => app,
      onBug: (error) => {
        throw error;
      },
    },
    store,
    async capture({ name }) {
      captured.push(name);
      if (disk.isFull) throw new UserError('STATE_UNUSABLE', 'Cannot write: no space left');
    },
  });
  return { clock, store, schedules, captured, disk, app };
}

const AT_TWO = { name: 'DATABASE_URL', hour: 2, timezone: 'UTC' };

test('a database is backed up once a day, until its schedule is removed; then there is no timer', async () => {
  const { clock, schedules, captured } = await world();
  schedules.timetable.review();
  expect(clock.pending).toBe(0);
  const { id, nextAt } = await schedules.set(DATABASE, AT_TWO);
  expect(nextAt).toBe(2 * HOUR);
  await clock.advance(2 * HOUR - 1);
  expect(captured).toEqual([]);
  await clock.advance(1);
  expect(captured).toEqual(['db-1']);
  await clock.advance(48 * HOUR);
  expect(captured).toHaveLength(3);
  await schedules.remove(DATABASE, id);
  expect(clock.pending).toBe(0);
});

test('a database has one schedule, which lasts, and waits while the database is being made', async () => {
  const { clock, store, schedules, captured } = await world();
  await schedules.set(DATABASE, AT_TWO);
  await schedules.set(DATABASE, { ...AT_TWO, hour: 3 });
  expect(schedules.of(DATABASE)).toMatchObject([{ name: 'DATABASE_URL', hour: 3, timezone: 'UTC' }]);
  await store.updateAddon('db-id', { state: 'provisioning' });
  await clock.advance(24 * HOUR);
  expect(captured).toEqual([]);
  schedules.timetable.close();
  expect(clock.pending).toBe(0);
});

test('a backup that cannot be recorded is told to the app, and the next one is made', async () => {
  const { clock, schedules, captured, disk, app } = await world();
  await schedules.set(DATABASE, AT_TWO);
  disk.isFull = true;
  await clock.advance(2 * HOUR);
  expect(app.lines).toEqual(['dynosim: no backup of db-1 was made: Cannot write: no space left']);
  await clock.advance(24 * HOUR);
  expect(captured).toHaveLength(2);
});

test.each([
  [{ ...AT_TWO, hour: 24 }, '24 is no hour of the day'],
  [{ ...AT_TWO, timezone: 'Mars/Olympus' }, 'There is no time zone `Mars/Olympus`'],
])('refuses %j', async (schedule, message) => {
  const { schedules } = await world();
  await expect(schedules.set(DATABASE, schedule)).rejects.toMatchObject({ code: 'BAD_SCHEDULE', message });
});
