import { describe, expect, test } from 'vitest';
import { DynoHours } from '../../../../src/apps/sleep/dyno-hours.js';
import { EcoPool } from '../../../../src/apps/sleep/eco-pool.js';
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
  /** An app of which so many dynos run. */
  function member(pool: EcoPool, clock: ManualClock) {
    let running = 0;
    const heard: boolean[] = [];
    const hours = new DynoHours({
      pool,
      clock,
      counts: () => ({ running, idle: 0 }),
      onChange: () => void heard.push(pool.isExhausted),
    });
    const run = (count: number): void => {
      running = count;
      hours.update();
    };
    return { hours, run, heard };
  }

  test('is shared by apps: what one uses the other no longer has', async () => {
    const clock = new ManualClock();
    const pool = new EcoPool({ clock, wall: () => 0, quotaMs: 3 * HOUR });
    const [one, other] = [member(pool, clock), member(pool, clock)];
    one.run(1);
    await clock.advance(HOUR);
    other.run(1);
    await clock.advance(HOUR - 1);
    expect(pool.isExhausted).toBe(false);
    await clock.advance(1);
    expect([one.heard, other.heard]).toEqual([[true], [true]]);
    expect([one.hours.usage().usedMs, other.hours.usage().usedMs]).toEqual([2 * HOUR, HOUR]);
  });

  test('keeps what an app has used that is gone; without apps it has no timer', async () => {
    const clock = new ManualClock();
    const pool = new EcoPool({ clock, wall: () => 0, quotaMs: 2 * HOUR });
    const [one, other] = [member(pool, clock), member(pool, clock)];
    one.run(1);
    await clock.advance(HOUR);
    one.hours.close();
    other.run(1);
    await clock.advance(HOUR);
    expect(other.heard).toEqual([true]);
    other.hours.close();
    expect(clock.pending).toBe(0);
  });
});
