import { describe, expect, test, vi } from 'vitest';
import { type Clock, PlatformClock, type RawTime, RunningClock } from '../../../src/base/clock.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

const MINUTE = 60_000;
const nothing = async (): Promise<void> => {};

describe('platform time', () => {
  test('passes as real time does', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    let fired = 0;
    platform.after(1000, () => fired++);
    await real.advance(999);
    expect(fired).toBe(0);
    await real.advance(1);
    expect(fired).toBe(1);
    expect(platform.now()).toBe(1000);
    expect(real.pending).toBe(0);
  });

  test('with a speed of 60 runs 60 times faster', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real, 60);
    let fired = 0;
    platform.after(30 * MINUTE, () => fired++);
    await real.advance(30_000 - 1);
    expect(fired).toBe(0);
    await real.advance(1);
    expect(fired).toBe(1);
  });

  test('a cancelled timer does not fire and leaves nothing armed', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    const cancel = platform.after(1000, () => expect.unreachable());
    cancel();
    cancel();
    expect(real.pending).toBe(0);
    await platform.advance(2000, nothing);
  });

  test('sets a timer of real time only for the timer that is next', async () => {
    const real = new ManualClock();
    const after = vi.spyOn(real, 'after');
    const platform = new PlatformClock(real);
    const fired: string[] = [];
    const set = (ms: number) => platform.after(ms, () => fired.push(`${ms} at ${real.now()}`));
    set(2000);
    const cancels = [3000, 4000].map(set);
    expect(after).toHaveBeenCalledTimes(1);
    const cancelNext = set(1000);
    expect(after).toHaveBeenCalledTimes(2);
    for (const cancel of cancels) cancel();
    expect(after).toHaveBeenCalledTimes(2);
    cancelNext();
    expect(after).toHaveBeenCalledTimes(3);
    await real.advance(5000);
    expect(fired).toEqual(['2000 at 2000']);
    expect(real.pending).toBe(0);
  });

  test('is ahead of real time exactly, although real time passes meanwhile', async () => {
    let ms = 0;
    const busy: Clock = { now: () => (ms += 7), after: () => () => {} };
    const platform = new PlatformClock(busy);
    expect(platform.aheadMs).toBe(0);
    await platform.advance(60_000, async () => {});
    expect(platform.aheadMs).toBe(60_000);
  });

  test('never is never', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    platform.after(Number.POSITIVE_INFINITY, () => expect.unreachable());
    expect(real.pending).toBe(0);
    await platform.advance(1e12, nothing);
  });
});

describe('advancing platform time', () => {
  test('goes from due timer to due timer, in order, and lets each settle before the next', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    const seen: string[] = [];
    let busy = false;
    const work = (name: string) => () => {
      expect(busy).toBe(false);
      busy = true;
      seen.push(`${name} at ${platform.now() / MINUTE}`);
    };
    platform.after(20 * MINUTE, work('second'));
    platform.after(10 * MINUTE, work('first'));
    platform.after(60 * MINUTE, work('too late'));
    await platform.advance(31 * MINUTE, async () => {
      await settle();
      busy = false;
    });
    expect(seen).toEqual(['first at 10', 'second at 20']);
    expect(platform.now()).toBe(31 * MINUTE);
    expect(real.now()).toBe(0);
  });

  test('also runs timers that an earlier timer set', async () => {
    const platform = new PlatformClock(new ManualClock());
    const seen: number[] = [];
    platform.after(10 * MINUTE, () => platform.after(10 * MINUTE, () => seen.push(platform.now())));
    await platform.advance(30 * MINUTE, nothing);
    expect(seen).toEqual([20 * MINUTE]);
  });

  test('moves forward by exactly what was asked for, however long dynos take to settle', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    platform.after(20 * MINUTE, () => {});
    await platform.advance(31 * MINUTE, () => real.advance(700));
    expect(platform.skippedMs).toBe(31 * MINUTE);
    expect(platform.now()).toBe(31 * MINUTE + 2 * 700);
  });

  test('two advances happen one after the other', async () => {
    const platform = new PlatformClock(new ManualClock());
    await Promise.all([platform.advance(1000, settle), platform.advance(500, settle)]);
    expect(platform.now()).toBe(1500);
  });

  test('a failure while settling does not spoil the next advance', async () => {
    const platform = new PlatformClock(new ManualClock());
    await expect(platform.advance(1000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await platform.advance(500, nothing);
    expect(platform.now()).toBe(500);
  });

  test('does not move real time', async () => {
    const real = new ManualClock();
    const platform = new PlatformClock(real);
    real.after(60_000, () => expect.unreachable());
    await platform.advance(120_000, nothing);
    expect(real.pending).toBe(1);
  });
});

/** The system's time. */
class FakeTime extends ManualClock implements RawTime {
  /** Happens when this process reads what has come. */
  read = (): void => {};

  afterReading(task: () => void): () => void {
    return this.after(0, () => {
      this.read();
      this.after(0, task);
    });
  }

  every(ms: number, task: () => void): () => void {
    let cancel = (): void => {};
    const arm = (): void => {
      cancel = this.after(ms, () => {
        task();
        arm();
      });
    };
    arm();
    return () => cancel();
  }
}

describe('real time', () => {
  test('passes like the system’s, also without timers', async () => {
    const raw = new FakeTime();
    const clock = new RunningClock(raw);
    await raw.advance(3_600_000);
    expect(clock.now()).toBe(3_600_000);
    let firedAt = 0;
    clock.after(10_000, () => {
      firedAt = clock.now();
    });
    await raw.advance(9999);
    expect(firedAt).toBe(0);
    await raw.advance(1);
    expect(firedAt).toBe(3_610_000);
    expect(raw.pending).toBe(0);
  });

  test('stands still after a second while this process is stopped', async () => {
    const raw = new FakeTime();
    const clock = new RunningClock(raw);
    let fired = 0;
    clock.after(4000, () => fired++);
    await raw.advance(1500);
    raw.stop(7000);
    await raw.advance(0);
    expect(clock.now()).toBe(2000);
    await raw.advance(1999);
    expect(fired).toBe(0);
    await raw.advance(1);
    expect(fired).toBe(1);
    expect(raw.pending).toBe(0);
  });

  test('lets be read what has come before it fires a timer that is late', async () => {
    const raw = new FakeTime();
    const clock = new RunningClock(raw);
    const seen: string[] = [];
    clock.after(1000, () => seen.push('kept'));
    const cancel = clock.after(1000, () => seen.push('cancelled'));
    raw.read = () => {
      seen.push('read');
      cancel();
    };
    raw.stop(1500);
    await raw.advance(0);
    expect(seen).toEqual(['read', 'kept']);
    expect(raw.pending).toBe(0);
  });

  test('never moves back', async () => {
    const raw = new FakeTime();
    const clock = new RunningClock(raw);
    clock.after(60_000, () => {});
    let last = 0;
    for (let i = 0; i < 50; i += 1) {
      if (i % 7 === 0) raw.stop(i * 400);
      else await raw.advance(300);
      const now = clock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      expect(now - last).toBeLessThanOrEqual(2000);
      last = now;
    }
  });

  test('knows timers that were cancelled twice, and those that never fire', async () => {
    const raw = new FakeTime();
    const clock = new RunningClock(raw);
    const cancel = clock.after(1000, () => expect.unreachable());
    clock.after(Number.POSITIVE_INFINITY, () => expect.unreachable());
    cancel();
    cancel();
    expect(raw.pending).toBe(0);
    await raw.advance(1e9);
  });
});
