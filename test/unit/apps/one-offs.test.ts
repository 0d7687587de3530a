import { expect, test } from 'vitest';
import { startFakeApp } from '../../helpers/fake-app.js';

const SLEEP = { command: 'sleep 1', env: {} };

test('with --strict, there are no more one-off dynos than their size allows', async () => {
  const { app, containment, proceed } = await startFakeApp({ isStrict: true });
  const { oneOffs } = app.dynos;
  const { name } = oneOffs.runDetached(SLEEP);
  expect(() => oneOffs.runDetached(SLEEP)).toThrow(
    expect.objectContaining({ code: 'SIZE_LIMIT', message: 'Cannot run more than 1 Eco size dynos.' }),
  );
  // Those of another size count for themselves.
  oneOffs.runDetached({ ...SLEEP, size: 'Basic' });
  await proceed();
  containment.of(name).exit(0);
  await proceed();
  oneOffs.runDetached(SLEEP);
});

test('otherwise there are', async () => {
  const { app } = await startFakeApp();
  app.dynos.oneOffs.runDetached(SLEEP);
  expect(() => app.dynos.oneOffs.runDetached(SLEEP)).not.toThrow();
});

test('a one-off dyno has the limits of the size of the other dynos', async () => {
  const { app } = await startFakeApp({ sizes: 'standard-2x' });
  const { run } = app.dynos.oneOffs.runDetached(SLEEP);
  expect(run.plan.limits.memory).toBe(1024 ** 3);
});

test('log-runtime-metrics applies to dynos that start from then on', async () => {
  const { app, proceed } = await startFakeApp({ formation: 'worker=0' });
  app.setFeature('log-runtime-metrics', true);
  const metrics = () => app.supervisor.dynos('web')[0]?.run?.plan.metrics;
  expect(metrics()).toBeUndefined();
  app.dynos.restart({ kind: 'all' });
  await proceed();
  expect(metrics()).toEqual({ dyno: 'web.1', appId: app.id });
});
