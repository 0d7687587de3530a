import { expect, test } from 'vitest';
import { WatchedRestarts } from '../../../src/apps/watch/watched-restarts.js';
import { startFakeApp } from '../../helpers/fake-app.js';

/** An app whose dynos are up, and what dynosim says of restarts. */
async function startWatched(formation = '') {
  const fake = await startFakeApp({ formation });
  const restarts = new WatchedRestarts(fake.app, fake.clock);
  const summaries = (): readonly string[] =>
    fake.said().filter((line) => /changed: (?!restarting)/.test(line));
  return { ...fake, restarts, summaries };
}

test('a restart is summed up when its dynos are up', async () => {
  const { restarts, proceed, clock, summaries } = await startWatched('worker=0');
  void restarts.restart(['a.js', 'b.js'], undefined);
  await clock.advance(400);
  expect(summaries()).toEqual([]);
  await proceed();
  expect(summaries()).toEqual(['dynosim[api]: a.js, b.js changed: restarted web.1 in 0.4s']);
});

test('a dyno that is scaled away meanwhile counts as not restarted', async () => {
  const { app, restarts, proceed, clock, summaries } = await startWatched('web=2,worker=0');
  void restarts.restart(['a.js'], undefined);
  await clock.advance(400);
  app.dynos.scale([{ type: 'web', quantity: { to: 1 } }]);
  await proceed();
  expect(summaries()).toEqual(['dynosim[api]: a.js changed: restarted web.1, but not web.2 in 0.4s']);
  void restarts.restart(['a.js'], undefined);
  app.dynos.scale([{ type: 'web', quantity: { to: 0 } }]);
  expect(summaries()).toEqual(['dynosim[api]: a.js changed: did not restart web.1 in 0.0s']);
});
