import { expect, test } from 'vitest';
import { WatchedRestarts } from '../../../src/apps/watch/watched-restarts.js';
import type { LogBus } from '../../../src/logs/bus.js';
import { startFakeApp } from '../../helpers/fake-app.js';
import { settle } from '../../helpers/manual-clock.js';

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

/** The lines that the terminal of `start` shows, and those that it leaves out. */
function readLog({ logs }: { readonly logs: LogBus }) {
  const [shown, details]: readonly [string[], string[]] = [[], []];
  logs.subscribe(({ line, isDetail }) => (isDetail ? details : shown).push(line));
  return { shown, details };
}

test('the routine lines of a restart that goes well are details', async () => {
  const { app, restarts, proceed } = await startWatched('worker=0');
  const { shown, details } = readLog(app);
  void restarts.restart(['a.js'], undefined);
  await proceed();
  await proceed();
  expect(details.toSorted()).toEqual([
    'Process exited with status 143',
    'Restarting',
    'Starting process with command `serve`',
    'State changed from starting to up',
    'Stopping all processes with SIGTERM',
    'a.js changed: restarting',
  ]);
  expect(shown).toEqual([expect.stringMatching('^a.js changed: restarted web.1')]);
});

test('after a crash, the routine lines of a dyno are shown again', async () => {
  const { app, restarts, containment } = await startWatched();
  const before = containment.of('worker.1');
  const { shown } = readLog(app);
  void restarts.restart(['a.js'], undefined);
  await settle();
  before.exit(143);
  await settle();
  // web.1 still boots. The first exit could be due to the overlap of two runs.
  for (const status of [1, 1]) {
    containment.of('worker.1').exit(status);
    await settle();
  }
  expect(shown.slice(shown.indexOf('State changed from up to crashed'))).toEqual([
    'State changed from up to crashed',
    'State changed from crashed to starting',
    'Starting process with command `work`',
    'State changed from starting to up',
  ]);
});
