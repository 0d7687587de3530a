import { describe, expect, test } from 'vitest';
import { DynoHours } from '../../../../src/apps/sleep/dyno-hours.js';
import { type EcoMonth, EcoPool } from '../../../../src/apps/sleep/eco-pool.js';
import { PlatformClock } from '../../../../src/base/clock.js';
import { MINUTE, SLEEP, startFakeApp } from '../../../helpers/fake-app.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

const HOUR = 60 * MINUTE;
const never = Number.POSITIVE_INFINITY;

describe('dyno hours', () => {
  test('count while eco dynos run, by type, and not while they sleep', async () => {
    const { app, pass } = await startFakeApp({ formation: 'web=1,worker=2' });
    await pass(30 * MINUTE);
    await pass(90 * MINUTE);
    expect(app.sleep.usage()).toEqual({
      usedMs: 1.5 * HOUR,
      savedMs: 4.5 * HOUR,
      projectedMonthMs: 1.5 * HOUR * ((30 * 24) / 2),
      quotaMs: SLEEP.quotaMs,
      monthUsedMs: 1.5 * HOUR,
      allUsedMs: 1.5 * HOUR,
    });
  });

  test('count nothing of other sizes', async () => {
    const { app, pass } = await startFakeApp({ sizes: 'basic' });
    await pass(5 * HOUR);
    expect(app.sleep.usage()).toMatchObject({ usedMs: 0, savedMs: 0 });
  });

  test('count no dyno that waits for its cool-off', async () => {
    const { app, pass, containment } = await startFakeApp({ procfile: 'worker: work\n' });
    for (let crash = 0; crash < 2; crash += 1) {
      containment.of('worker.1').exit(1);
      await pass(0);
    }
    await pass(10 * MINUTE);
    expect(app.sleep.usage().usedMs).toBe(0);
  });

  test('count one-off dynos', async () => {
    const { app, pass } = await startFakeApp({ formation: 'web=0,worker=0' });
    app.dynos.oneOffs.runDetached({ command: 'migrate', env: {} });
    await pass(HOUR);
    expect(app.sleep.usage()).toMatchObject({ usedMs: HOUR });
  });
});

describe('when they are used up', () => {
  const TWO_HOURS = { afterMs: never, wakeDelayMs: 0, quotaMs: 2 * HOUR };

  test('all eco dynos sleep, and nothing wakes them', async () => {
    const { app, pass, states, said } = await startFakeApp({ sleep: TWO_HOURS });
    await pass(HOUR - 1);
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
    await pass(1);
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'idle' });
    expect(said()).toContain(
      "dynosim[api]: this month's dyno hours are used up: eco dynos sleep until the month ends",
    );
    expect(app.backends.readiness()).toEqual({ kind: 'exhausted' });
    expect(() => app.sleep.sleeper.wakeNow()).toThrow("This month's dyno hours are used up");
    app.dynos.restart({ kind: 'all' });
    app.dynos.scale([{ type: 'worker', quantity: { to: 2 } }]);
    await pass(HOUR);
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'idle', 'worker.2': 'idle' });
    expect(app.sleep.usage().usedMs).toBe(2 * HOUR);
  });

  test('workers without web dynos sleep, too', async () => {
    const { pass, states } = await startFakeApp({ procfile: 'worker: work\n', sleep: TWO_HOURS });
    await pass(2 * HOUR);
    expect(states()).toEqual({ 'worker.1': 'idle' });
  });

  test('a request may wake the app again in the next month', async () => {
    const { app, pass, states } = await startFakeApp({ sleep: TWO_HOURS });
    await pass(HOUR);
    await pass(31 * 24 * HOUR);
    expect(app.backends.readiness()).toEqual({ kind: 'idle' });
    app.sleep.sleeper.wakeNow();
    await pass(0);
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
  });
});

describe('a pool of dyno hours', () => {
  /** The start of all tests. */
  const NOVEMBER_29 = Date.UTC(2026, 10, 29);

  function world(quotaMs: number, past?: EcoMonth) {
    const clock = new ManualClock();
    const platform = new PlatformClock(clock);
    let suspendedMs = 0;
    const wall = (): number => NOVEMBER_29 + clock.now() + suspendedMs;
    const used: boolean[] = [];
    const onUse = (isInUse: boolean): void => void used.push(isInUse);
    const pool = new EcoPool({ time: { real: clock, platform, wall }, quotaMs, onUse });
    if (past) pool.continueWith(past);
    /** An app of which so many dynos run. */
    const member = (id: string) => {
      let running = 0;
      const heard: boolean[] = [];
      const hours = new DynoHours({
        id,
        pool,
        clock: platform,
        counts: () => ({ running, idle: 0 }),
        onChange: () => void heard.push(pool.isExhausted),
      });
      const run = (count: number): void => {
        running = count;
        hours.update();
      };
      return { hours, run, heard };
    };
    const suspend = (ms: number): void => {
      suspendedMs += ms;
    };
    return { clock, platform, pool, member, suspend, used };
  }

  test('gives an app back what it has used when its hours are reset, and no other', async () => {
    const { clock, pool, member } = world(3 * HOUR);
    const [one, other] = [member('one'), member('other')];
    one.run(2);
    other.run(1);
    await clock.advance(HOUR);
    expect(pool.isExhausted).toBe(true);
    one.hours.reset();
    expect([one.heard, other.heard]).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(one.hours.usage()).toMatchObject({ usedMs: 0, monthUsedMs: 0, allUsedMs: HOUR });
    await clock.advance(HOUR / 2);
    expect(one.hours.usage()).toMatchObject({ usedMs: HOUR, monthUsedMs: HOUR, allUsedMs: 2.5 * HOUR });
  });

  test('is shared by apps: what one uses the other no longer has', async () => {
    const { clock, pool, member } = world(3 * HOUR);
    const [one, other] = [member('one'), member('other')];
    one.run(1);
    await clock.advance(HOUR);
    other.run(1);
    await clock.advance(HOUR - 2);
    expect(pool.isExhausted).toBe(false);
    await clock.advance(2);
    expect([one.heard, other.heard]).toEqual([[true], [true]]);
    expect([one.hours.usage().usedMs, other.hours.usage().usedMs]).toEqual([2 * HOUR, HOUR]);
  });

  test('keeps what an app has used that is gone; without apps it has no timer', async () => {
    const { clock, pool, member } = world(2 * HOUR);
    const [one, other] = [member('one'), member('other')];
    one.run(1);
    await clock.advance(HOUR);
    one.hours.close();
    other.run(1);
    await clock.advance(HOUR);
    expect(other.heard).toEqual([true]);
    expect(pool.month).toEqual({ month: '2026-11', usedMs: { one: HOUR, other: HOUR } });
    other.hours.close();
    expect(clock.pending).toBe(0);
  });

  test('has no timer while no eco dyno runs', async () => {
    const { clock, member, used } = world(2 * HOUR);
    const apps = Array.from({ length: 20 }, (_, index) => member(`app-${index}`));
    expect(clock.pending).toBe(0);
    apps[0]?.run(1);
    expect(clock.pending).toBe(1);
    apps[0]?.run(0);
    expect(clock.pending).toBe(0);
    expect(used.slice(-2)).toEqual([true, false]);
  });

  test('begins anew with the calendar month, however long that is', async () => {
    const { clock, pool, member } = world(10_000 * HOUR);
    const one = member('one');
    one.run(1);
    await clock.advance(49 * HOUR);
    expect(pool.month).toEqual({ month: '2026-12', usedMs: { one: HOUR } });
    await clock.advance(30 * 24 * HOUR);
    expect(pool.month.month).toBe('2026-12');
    await clock.advance(23 * HOUR);
    expect(pool.month).toEqual({ month: '2027-01', usedMs: {} });
    expect(one.hours.usage()).toMatchObject({ usedMs: (48 + 31 * 24) * HOUR, monthUsedMs: 0, allUsedMs: 0 });
  });

  test('begins anew in platform time, too', async () => {
    const { clock, platform, pool, member } = world(HOUR);
    const one = member('one');
    one.run(1);
    await clock.advance(HOUR);
    expect(pool.isExhausted).toBe(true);
    one.run(0);
    await platform.advance(2 * 24 * HOUR, async () => {});
    expect([pool.isExhausted, pool.month.month, one.heard]).toEqual([false, '2026-12', [true, false]]);
  });

  test('begins anew also if the machine was suspended at the end of the month', async () => {
    const { clock, pool, member, suspend } = world(HOUR);
    const one = member('one');
    one.run(1);
    await clock.advance(HOUR);
    one.run(0);
    suspend(2 * 24 * HOUR);
    expect(pool.isExhausted).toBe(false);
    expect(one.heard).toEqual([true, false]);
  });

  test('continues with what was used before, if that was in the same month', async () => {
    const past = { month: '2026-11', usedMs: { one: HOUR, gone: HOUR } };
    const { clock, pool, member } = world(3 * HOUR, past);
    const one = member('one');
    one.run(1);
    await clock.advance(0.5 * HOUR);
    expect(one.hours.usage()).toMatchObject({
      usedMs: 0.5 * HOUR,
      monthUsedMs: 1.5 * HOUR,
      allUsedMs: 2.5 * HOUR,
    });
    await clock.advance(0.5 * HOUR);
    expect(one.heard).toEqual([true]);
    expect(world(3 * HOUR, pool.month).pool.isExhausted).toBe(true);
    expect(world(3 * HOUR, { ...past, month: '2026-10' }).pool.usedMs).toBe(0);
  });
});

test('an app that starts when the hours are used up sleeps, workers without web dynos too', async () => {
  const { app, pass, states, said } = await startFakeApp({
    procfile: 'worker: work\n',
    sleep: { afterMs: never, wakeDelayMs: 0, quotaMs: 0 },
  });
  expect(states()).toEqual({ 'worker.1': 'idle' });
  expect(said().filter((line) => line.includes('used up'))).toHaveLength(1);
  await pass(HOUR);
  expect(app.sleep.usage().usedMs).toBe(0);
});
