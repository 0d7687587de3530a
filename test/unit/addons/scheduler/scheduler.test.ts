import { describe, expect, test } from 'vitest';
import { Scheduler } from '../../../../src/addons/scheduler/scheduler.js';
import { AddonStore } from '../../../../src/addons/store.js';
import type { AddonApp } from '../../../../src/addons/world.js';
import { PlatformClock } from '../../../../src/base/clock.js';
import { UserError } from '../../../../src/base/errors.js';
import { makeFolder } from '../../../helpers/folder.js';
import { ManualClock, settle } from '../../../helpers/manual-clock.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2026-11-29T10:05:00.000Z');

/** An app whose jobs end only when the test says so, or at once. */
function world({ folder = makeFolder(), start = START, endsAtOnce = true } = {}) {
  const real = new ManualClock();
  const platform = new PlatformClock(real);
  const state = { isStopping: false, isGone: false, sleptMs: 0 };
  const time = { real, platform, wall: () => start + real.now() + state.sleptMs };
  const runs: { readonly at: string; readonly command: string; readonly by: string; end(): void }[] = [];
  const stopped: string[] = [];
  const remarks: string[] = [];
  const app: AddonApp = {
    id: 'a',
    name: 'demo',
    ownVars: () => new Map(),
    releasedVars: () => new Map(),
    adopt: () => {},
    change: async () => {},
    logServer: () => {},
    remark: (line) => remarks.push(line),
    runJob(command, by) {
      if (state.isStopping) throw new UserError('STOPPING', 'dynosim is stopping');
      const at = new Date(time.wall() + platform.aheadMs).toISOString().slice(8, 16);
      let end = (): void => {};
      const exited = new Promise<void>((resolve) => {
        end = resolve;
      });
      runs.push({ at, command, by, end });
      if (endsAtOnce) end();
      const stop = (): void => {
        stopped.push(command);
        end();
      };
      return { exited, stop };
    },
  };
  const store = new AddonStore(folder);
  const scheduler = new Scheduler({
    world: {
      time,
      app: () => (state.isGone ? undefined : app),
      appNamed: () => app,
    },
    store,
  });
  return { real, platform, runs, stopped, remarks, state, store, scheduler, folder };
}

type World = ReturnType<typeof world>;

async function withAddon(options?: Parameters<typeof world>[0]): Promise<World> {
  const made = world(options);
  const at = new Date(START).toISOString();
  const addon = {
    id: 's',
    name: 'scheduler-round-1',
    service: 'scheduler',
    plan: 'standard',
    app: 'a',
  } as const;
  const state = { state: 'provisioned', created_at: at, updated_at: at, port: null, settings: {} } as const;
  if (made.store.addons.length === 0) await made.store.update(() => ({ addons: [{ ...addon, ...state }] }));
  made.scheduler.timetable.review();
  return made;
}

/** `clock:advance`, as a host does it. */
async function advance({ platform, scheduler }: World, ms: number): Promise<void> {
  await platform.advance(ms, () => scheduler.timetable.settled());
}

const EVERY_10M = { app: 'demo', command: 'ten', every: '10m', at: null };

describe('jobs', () => {
  test('run when they are due, in platform time', async () => {
    const it = await withAddon();
    await it.scheduler.add(EVERY_10M);
    await it.scheduler.add({ app: 'demo', command: 'half past', every: 'hourly', at: '30' });
    await it.real.advance(26 * MINUTE);
    expect(it.runs.map(({ at, command }) => `${at} ${command}`)).toEqual([
      '29T10:10 ten',
      '29T10:20 ten',
      '29T10:30 ten',
      '29T10:30 half past',
    ]);
    expect(it.runs[0]?.by).toBe('scheduler@addons.heroku.com');
    it.scheduler.timetable.close();
    expect(it.real.pending).toBe(0);
  });

  test('run as often as they would in a day that is skipped', async () => {
    const it = await withAddon();
    await it.scheduler.add(EVERY_10M);
    await it.scheduler.add({ app: 'demo', command: 'nightly', every: 'daily', at: '02:30' });
    await advance(it, DAY);
    expect(it.runs.filter(({ command }) => command === 'ten')).toHaveLength(144);
    expect(it.runs.filter(({ command }) => command === 'nightly').map(({ at }) => at)).toEqual(['30T02:30']);
    it.scheduler.timetable.close();
  });

  test('hold up a skipped day until they have ended, but not for long', async () => {
    const it = await withAddon({ endsAtOnce: false });
    await it.scheduler.add(EVERY_10M);
    let isOver = false;
    const advancing = advance(it, 20 * MINUTE).then(() => {
      isOver = true;
    });
    await settle();
    expect(it.runs).toHaveLength(1);
    it.runs[0]?.end();
    await settle();
    expect(it.runs).toHaveLength(2);
    expect(it.stopped).toEqual([]);
    await it.real.advance(9_999);
    expect(isOver).toBe(false);
    await it.real.advance(1);
    await advancing;
    it.scheduler.timetable.close();
  });

  test('end when they are due again', async () => {
    const it = await withAddon({ endsAtOnce: false });
    await it.scheduler.add(EVERY_10M);
    await it.real.advance(6 * MINUTE);
    expect(it.runs).toHaveLength(1);
    await it.real.advance(9 * MINUTE - 1);
    expect(it.stopped).toEqual([]);
    await it.real.advance(MINUTE);
    expect(it.stopped).toEqual(['ten']);
    expect(it.runs).toHaveLength(2);
    it.scheduler.timetable.close();
  });

  test('end after their interval, if they have been removed meanwhile', async () => {
    const it = await withAddon({ endsAtOnce: false });
    const { id } = await it.scheduler.add(EVERY_10M);
    await it.real.advance(5 * MINUTE);
    await it.scheduler.remove('demo', id);
    await it.real.advance(10 * MINUTE);
    expect(it.stopped).toEqual(['ten']);
    expect(it.runs).toHaveLength(1);
    await settle();
    expect(it.real.pending).toBe(0);
  });

  test('of a machine that slept run soon after it wakes, not at the end of a timer that stood still', async () => {
    const it = await withAddon();
    await it.scheduler.add({ app: 'demo', command: 'nightly', every: 'daily', at: '02:30' });
    it.state.sleptMs = 17 * 60 * MINUTE;
    await it.real.advance(MINUTE);
    expect(it.runs.map(({ at }) => at)).toEqual(['30T03:06']);
    await it.real.advance(MINUTE);
    expect(it.runs).toHaveLength(1);
    it.scheduler.timetable.close();
  });
});

describe('without jobs', () => {
  test('there is no timer', async () => {
    const it = await withAddon();
    expect(it.real.pending).toBe(0);
    const { id } = await it.scheduler.add(EVERY_10M);
    expect(it.real.pending).toBeGreaterThan(0);
    await it.scheduler.remove('demo', id);
    expect(it.real.pending).toBe(0);
  });
});

describe('a job', () => {
  test('is kept when dynosim ends; what was due meanwhile is not made up for', async () => {
    const first = await withAddon();
    const { id } = await first.scheduler.add(EVERY_10M);
    first.scheduler.timetable.close();
    const second = await withAddon({ folder: first.folder, start: START + DAY + 7 * MINUTE });
    expect(await second.scheduler.jobs('demo')).toEqual([
      { id, command: 'ten', every: '10m', at: null, nextAt: START + DAY + 15 * MINUTE },
    ]);
    await second.real.advance(8 * MINUTE);
    expect(second.runs.map(({ at }) => at)).toEqual(['30T10:20']);
    second.scheduler.timetable.close();
  });

  test('that cannot run is remarked on, and tried again', async () => {
    const it = await withAddon();
    await it.scheduler.add(EVERY_10M);
    it.state.isStopping = true;
    await it.real.advance(5 * MINUTE);
    expect(it.remarks).toEqual(['The job `ten` was not run: dynosim is stopping']);
    it.state.isStopping = false;
    await it.real.advance(10 * MINUTE);
    expect(it.runs).toHaveLength(1);
    it.scheduler.timetable.close();
  });

  test('of an app that is not loaded does nothing', async () => {
    const it = await withAddon();
    await it.scheduler.add(EVERY_10M);
    it.state.isGone = true;
    await it.real.advance(5 * MINUTE);
    expect(it.runs).toEqual([]);
    it.scheduler.timetable.close();
  });

  test('needs a command, an add-on and a known ID', async () => {
    const it = await withAddon();
    await expect(it.scheduler.add({ ...EVERY_10M, command: ' ' })).rejects.toMatchObject({
      code: 'BAD_COMMAND',
    });
    await expect(it.scheduler.remove('demo', 'x')).rejects.toMatchObject({ code: 'NO_SUCH_JOB' });
    await expect(world().scheduler.jobs('demo')).rejects.toMatchObject({
      code: 'NO_SCHEDULER',
      hint: 'Add it: dynosim addons:create scheduler:standard',
    });
  });
});
