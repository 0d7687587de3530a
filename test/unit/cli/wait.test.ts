import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../../../src/api/control.js';
import { type Waited, waitForApp, waitUntilUp } from '../../../src/cli/wait.js';
import { ManualClock } from '../../helpers/manual-clock.js';

describe('an app that does not run yet', () => {
  test('is looked for until it is there', async () => {
    const clock = new ManualClock();
    let app: string | undefined;
    let waits = 0;
    const found = waitForApp(
      async () => app,
      20_000,
      () => waits++,
      clock,
    );
    await clock.advance(5050);
    app = 'shop';
    await clock.advance(100);
    expect(await found).toEqual({ app: 'shop', waitedMs: 5100 });
    expect(waits).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('is given up in the end', async () => {
    const clock = new ManualClock();
    const found = waitForApp(
      async () => undefined,
      1000,
      () => {},
      clock,
    );
    await clock.advance(1000);
    expect(await found).toEqual({ app: undefined, waitedMs: 1000 });
  });

  test('costs no wait if it runs', async () => {
    const fail = () => expect.unreachable();
    expect(await waitForApp(async () => 'shop', 1000, fail, new ManualClock())).toEqual({
      app: 'shop',
      waitedMs: 0,
    });
  });
});

describe('an app without dynos', () => {
  /** @param quantity how many web dynos there should be */
  function fakeApp(quantity: number, events: readonly HostEvent[]): Waited {
    return {
      app: {
        name: 'shop',
        formation: async () => [{ quantity, type: 'web', command: 'serve', size: 'Eco' }],
      },
      host: {
        async *events() {
          yield* events;
        },
      },
    };
  }
  const release = (status: 'pending' | 'succeeded', version = 1): HostEvent => {
    const view = { version, status, description: 'Deploy', createdAt: 0, isCurrent: true };
    return { event: 'release', app: 'shop', ...view };
  };
  const now: HostEvent = { event: 'current', apps: ['shop'] };
  const dyno = { name: 'web.1', type: 'web', state: 'up', release: 1, since: 0 } as const;
  const process = { command: 'node .', size: 'Eco', port: undefined, pid: undefined } as const;
  const up = {
    event: 'dyno',
    app: 'shop',
    ...dyno,
    ...process,
    restarts: 0,
    memoryQuota: undefined,
  } as const;

  test.each([
    ['its release command runs', 1, [now, release('pending')], 'GONE'],
    ['its dynos start in this moment', 1, [now, release('pending'), release('succeeded')], 'GONE'],
  ])('is waited for while %s', async (_, quantity, events, code) => {
    await expect(waitUntilUp(fakeApp(quantity, events), 1000, new ManualClock())).rejects.toMatchObject({
      code,
    });
  });

  test.each(['run', 'release', 'scheduler', 'migrate'])(
    'is up although a one-off dyno of the type %s runs an older release',
    async (type) => {
      const oneOff: HostEvent = { ...up, name: `${type}.1234`, type };
      const releases = [release('succeeded'), release('succeeded', 2)];
      const events = [...releases, oneOff, { ...up, release: 2 }, now];
      await waitUntilUp(fakeApp(1, events), 1000, new ManualClock());
    },
  );

  test('is looked at once without time to wait', async () => {
    const clock = new ManualClock();
    const slow = (events: readonly HostEvent[]): Waited => ({
      ...fakeApp(1, []),
      host: {
        async *events(signal) {
          await clock.advance(10);
          if (!signal.aborted) yield* events;
        },
      },
    });
    await waitUntilUp(slow([release('succeeded'), up, now]), 0, clock);
    const starting = waitUntilUp(slow([release('succeeded'), { ...up, state: 'starting' }, now]), 0, clock);
    await expect(starting).rejects.toMatchObject({
      code: 'WAIT_TIMED_OUT',
      message: '0 of 1 dynos were up after 0s',
    });
  });

  test('is up if it shall have none, or once they are there', async () => {
    const clock = new ManualClock();
    await waitUntilUp(fakeApp(0, [release('succeeded'), now]), 1000, clock);
    await waitUntilUp(fakeApp(1, [now, release('succeeded'), up]), 1000, clock);
    expect(clock.pending).toBe(0);
  });
});
