import { expect, test } from 'vitest';
import { SLEEP, startFakeApp } from '../../helpers/fake-app.js';

const RUN = { command: 'bash', env: {} };

test('while an app stops, nothing new starts', async () => {
  const { app, containment, proceed } = await startFakeApp();
  const before = containment.trees.length;
  const stopped = app.stop();
  const stopping = expect.objectContaining({ code: 'STOPPING' });
  expect(() => app.dynos.restart({ kind: 'all' })).toThrow(stopping);
  expect(() => app.dynos.stopSome({ kind: 'type', type: 'web' })).toThrow(stopping);
  expect(() => app.dynos.scale([{ type: 'web', quantity: { to: 3 } }])).toThrow(stopping);
  expect(() => app.dynos.oneOffs.runDetached(RUN)).toThrow(stopping);
  expect(() => app.dynos.oneOffs.runAttached(RUN)).toThrow(stopping);
  app.dynos.replace();
  await proceed();
  await stopped;
  expect(containment.trees).toHaveLength(before);
});

test('an app does not fall asleep while it stops, which could not end then', async () => {
  const { app, clock } = await startFakeApp({ sleep: { ...SLEEP, afterMs: 10_000 } });
  let isStopped = false;
  void app.stop().then(() => {
    isStopped = true;
  });
  await clock.advance(30_000);
  expect(isStopped).toBe(true);
});
