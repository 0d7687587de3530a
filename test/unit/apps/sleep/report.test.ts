import { expect, test } from 'vitest';
import { SleepHistory } from '../../../../src/apps/sleep/history.js';
import { reportOf } from '../../../../src/apps/sleep/report.js';
import { MINUTE, SLEEP, startFakeApp } from '../../../helpers/fake-app.js';
import { settle } from '../../../helpers/manual-clock.js';

const at = (ms: number) => new Date(ms).toISOString();

test('a report tells when the app slept and was awake, by both clocks', async () => {
  const { app, pass, world } = await startFakeApp();
  await pass(30 * MINUTE);
  await world.time.platform.advance(10 * MINUTE, settle);
  app.sleep.sleeper.enter().wake({ method: 'GET', path: '/', client: '127.0.0.1', userAgent: '' });
  await pass(5000);
  const { history, wakes, quota } = reportOf(app.sleep);
  const woken = { at: at(30 * MINUTE), platformAt: at(40 * MINUTE) };
  expect(history).toEqual([
    { at: at(0), platformAt: at(0), state: 'awake' },
    { at: at(30 * MINUTE), platformAt: at(30 * MINUTE), state: 'asleep' },
    { ...woken, state: 'waking' },
    { at: at(30 * MINUTE + 5000), platformAt: at(40 * MINUTE + 5000), state: 'awake' },
  ]);
  expect(wakes).toMatchObject([{ ...woken, sleptMs: 10 * MINUTE }]);
  // Two dynos for half an hour and five seconds.
  expect(quota).toEqual({ hours: 1000, used: 3610 / 3600, left: 1000 - 3610 / 3600 });
});

test('a report begins anew with the present state', async () => {
  const { app, pass } = await startFakeApp({ sleep: { ...SLEEP, quotaMs: Number.POSITIVE_INFINITY } });
  await pass(30 * MINUTE);
  app.sleep.reset();
  expect(reportOf(app.sleep)).toMatchObject({
    history: [{ at: at(30 * MINUTE), state: 'asleep' }],
    quota: null,
  });
});

test('the history of an app that sleeps and wakes all the time is bounded', () => {
  const history = new SleepHistory({ state: 'awake', at: 0, platformAt: 0 });
  for (let i = 1; i <= 10_000; i += 1)
    history.add({ state: i % 2 === 0 ? 'awake' : 'asleep', at: i, platformAt: i });
  expect(history.list).toHaveLength(4000);
  expect(history.list.at(-1)).toEqual(history.latest);
  expect(history.latest).toEqual({ state: 'awake', at: 10_000, platformAt: 10_000 });
});
