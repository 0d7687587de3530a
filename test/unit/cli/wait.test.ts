import { describe, expect, test } from 'vitest';
import type { ApiEvent, AppClient } from '../../../src/api/client/app-client.js';
import { waitForApp, waitUntilUp } from '../../../src/cli/wait.js';
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
  function fakeApp(
    quantity: number,
    events: readonly ApiEvent[],
  ): Pick<AppClient, 'name' | 'events' | 'formation'> {
    return {
      name: 'shop',
      async *events() {
        yield* events;
      },
      formation: async () => [
        { quantity, type: 'web' } as Awaited<ReturnType<AppClient['formation']>>[number],
      ],
    };
  }
  const release = (status: 'pending' | 'succeeded'): ApiEvent => ({ app: 'shop', version: 1, status });
  const now: ApiEvent = { apps: ['shop'] };
  const up: ApiEvent = { app: 'shop', name: 'web.1', type: 'web', state: 'up', release: 1 };

  test.each([
    ['its release command runs', 1, [now, release('pending')], 'GONE'],
    ['its dynos start in this moment', 1, [now, release('pending'), release('succeeded')], 'GONE'],
  ])('is waited for while %s', async (_, quantity, events, code) => {
    await expect(waitUntilUp(fakeApp(quantity, events), 1000, new ManualClock())).rejects.toMatchObject({
      code,
    });
  });

  test('is up if it shall have none, or once they are there', async () => {
    const clock = new ManualClock();
    await waitUntilUp(fakeApp(0, [release('succeeded'), now]), 1000, clock);
    await waitUntilUp(fakeApp(1, [now, release('succeeded'), up]), 1000, clock);
    expect(clock.pending).toBe(0);
  });
});
