import { describe, expect, test } from 'vitest';
import { MINUTE, SLEEP, startFakeApp } from '../../../helpers/fake-app.js';
import { settle } from '../../../helpers/manual-clock.js';

const CAUSE = { method: 'GET', path: '/a?b', client: '127.0.0.1', userAgent: 'curl/8.5 (linux)' };

async function startAsleep(options = {}) {
  const fake = await startFakeApp(options);
  await fake.pass(30 * MINUTE);
  fake.said();
  return fake;
}

describe('an eco app', () => {
  test('sleeps after 30 minutes without requests, workers too', async () => {
    const { pass, states, said } = await startFakeApp();
    await pass(30 * MINUTE - 1);
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
    said();
    await pass(1);
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'idle' });
    expect(said()).toEqual([
      'heroku[web.1]: Idling',
      'heroku[web.1]: State changed from up to down',
      'heroku[web.1]: Stopping all processes with SIGTERM',
      'heroku[worker.1]: Idling',
      'heroku[worker.1]: State changed from up to down',
      'heroku[worker.1]: Stopping all processes with SIGTERM',
      'heroku[web.1]: Process exited with status 143',
      'heroku[worker.1]: Process exited with status 143',
    ]);
  });

  test('counts from the end of the last response', async () => {
    const { app, pass, states } = await startFakeApp();
    await pass(10 * MINUTE);
    const first = app.sleep.sleeper.enter();
    const second = app.sleep.sleeper.enter();
    await pass(5 * MINUTE);
    first.release(1);
    await pass(40 * MINUTE);
    second.release(1);
    await pass(30 * MINUTE - 1);
    expect(states()).toMatchObject({ 'web.1': 'up' });
    await pass(1);
    expect(states()).toMatchObject({ 'web.1': 'idle' });
  });

  test('is kept awake by an endless response', async () => {
    const { app, pass, states } = await startFakeApp();
    app.sleep.sleeper.enter();
    await pass(500 * MINUTE);
    expect(states()).toMatchObject({ 'web.1': 'up' });
  });

  test('does not sleep while a debugger is attached to one of its dynos', async () => {
    const { app, pass, kernel, states } = await startFakeApp();
    kernel.debugger = 'attached';
    await pass(500 * MINUTE);
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
    expect(app.sleep.sleeper.sleepsInMs).toBe(10 * MINUTE);
    kernel.debugger = 'none';
    await pass(30 * MINUTE);
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'idle' });
  });

  test('counts from when its web dyno is up again', async () => {
    const { app, pass, states } = await startFakeApp();
    await pass(29 * MINUTE);
    app.dynos.restart({ kind: 'all' });
    await pass(0);
    await pass(29 * MINUTE);
    expect(states()).toMatchObject({ 'web.1': 'up' });
    await pass(MINUTE);
    expect(states()).toMatchObject({ 'web.1': 'idle' });
  });

  test('sleeps with all its web dynos', async () => {
    const { states } = await startAsleep({ formation: 'web=3' });
    expect(new Set(Object.values(states()))).toEqual(new Set(['idle']));
  });

  test('sleeps though a dyno has crashed, which then does not start again', async () => {
    const { containment, pass, states, said } = await startFakeApp();
    for (let crash = 0; crash < 3; crash += 1) {
      containment.of('worker.1').exit(1);
      await pass(crash === 1 ? 20 * MINUTE : 0);
    }
    expect(states()).toMatchObject({ 'worker.1': 'crashed' });
    await pass(11 * MINUTE);
    expect(said()).toContain('heroku[worker.1]: State changed from crashed to down');
    const started = containment.trees.length;
    await pass(500 * MINUTE);
    expect(containment.trees).toHaveLength(started);
  });
});

describe('what never sleeps', () => {
  test.each([
    ['an app without web dynos', { formation: 'web=0' }],
    ['an app without a web process type', { procfile: 'worker: work\n' }],
    ['basic', { sizes: 'basic' }],
    ['standard', { sizes: 'standard-1x' }],
    ['web dynos that are not eco', { sizes: 'web=basic,worker=eco' }],
    ['--sleep-after never', { sleep: { ...SLEEP, afterMs: Number.POSITIVE_INFINITY } }],
  ])('%s', async (_what, options) => {
    const { pass, states } = await startFakeApp(options);
    const before = states();
    await pass(1000 * MINUTE);
    expect(states()).toEqual(before);
  });

  test('other sizes next to eco web dynos', async () => {
    const { states } = await startAsleep({ sizes: 'web=eco,worker=basic' });
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'up' });
  });
});

describe('a sleeping app', () => {
  test('wakes as a whole for one request, after the delay of the platform', async () => {
    const { app, clock, pass, proceed, said, states, containment } = await startAsleep();
    expect(app.backends.readiness()).toEqual({ kind: 'idle' });
    app.sleep.sleeper.enter().wake(CAUSE);
    expect(app.backends.readiness()).toEqual({ kind: 'starting' });
    const started = containment.trees.length;
    await clock.advance(4999);
    expect(containment.trees).toHaveLength(started);
    await clock.advance(1);
    expect(containment.trees).toHaveLength(started + 2);
    await clock.advance(400);
    await proceed();
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
    expect(said()).toEqual([
      'heroku[web.1]: Unidling',
      'heroku[web.1]: State changed from down to starting',
      'heroku[worker.1]: Unidling',
      'heroku[worker.1]: State changed from down to starting',
      'heroku[web.1]: Starting process with command `serve`',
      'heroku[worker.1]: Starting process with command `work`',
      'heroku[worker.1]: State changed from starting to up',
      'heroku[web.1]: State changed from starting to up',
      'dynosim[api]: woken by GET /a?b (curl/8.5), held 5.4 s = 5.0 s delay + 0.4 s boot',
    ]);
    await pass(0);
  });

  test('wakes once, however many ask for it', async () => {
    const { app, pass, said } = await startAsleep();
    for (let n = 0; n < 5; n += 1) app.sleep.sleeper.enter().wake(CAUSE);
    app.sleep.sleeper.wakeNow();
    await pass(5000);
    expect(said().filter((line) => line.endsWith('Unidling'))).toHaveLength(2);
    expect(app.sleep.wakes.list).toHaveLength(1);
  });

  test('reports each wake', async () => {
    const { app, clock, proceed } = await startAsleep();
    await clock.advance(10 * MINUTE);
    const wakeAt = clock.now();
    const waker = app.sleep.sleeper.enter();
    waker.wake(CAUSE);
    await clock.advance(1000);
    const impatient = app.sleep.sleeper.enter();
    await clock.advance(500);
    impatient.release(undefined);
    app.sleep.sleeper.enter();
    await clock.advance(4500);
    await proceed();
    waker.release(6100);
    expect(app.sleep.wakes.list).toEqual([
      {
        at: wakeAt,
        platformAt: wakeAt,
        cause: CAUSE,
        sleptMs: 10 * MINUTE,
        delayMs: 5000,
        bootMs: 1000,
        firstByteMs: 6100,
        held: 3,
        longestWaitMs: 6000,
      },
    ]);
    expect(app.sleep.wakes.totals()).toEqual({ wakes: 1, p50Ms: 6100, p95Ms: 6100, maxMs: 6100 });
  });

  test('reports the crash of its web dyno', async () => {
    const { app, clock, said, containment } = await startAsleep();
    app.sleep.sleeper.enter().wake(CAUSE);
    await clock.advance(5000);
    containment.of('web.1').exit(1);
    await settle();
    expect(said()).toContain('dynosim[api]: woken by GET /a?b (curl/8.5), but the web dyno crashed');
    expect(app.sleep.wakes.list).toMatchObject([{ held: 1, delayMs: undefined, bootMs: undefined }]);
  });

  test('has not crashed while another web dyno may still come up', async () => {
    const { app, clock, proceed, said, containment } = await startAsleep({ formation: 'web=2' });
    const request = app.sleep.sleeper.enter();
    request.wake(CAUSE);
    await clock.advance(5000);
    containment.of('web.2').exit(1);
    await clock.advance(1000);
    expect(said()).not.toContainEqual(expect.stringContaining('woken'));
    await proceed();
    request.release(6100);
    expect(said()).toContain(
      'dynosim[api]: woken by GET /a?b (curl/8.5), held 6.0 s = 5.0 s delay + 1.0 s boot',
    );
    expect(app.sleep.wakes.list).toMatchObject([{ delayMs: 5000, bootMs: 1000, longestWaitMs: 6000 }]);
  });

  test('wakes while its processes are still stopping', async () => {
    const { app, clock, proceed, containment, states } = await startFakeApp();
    await clock.advance(30 * MINUTE);
    const [old] = containment.trees;
    expect(old?.signals).toEqual(['SIGTERM']);
    app.sleep.sleeper.enter().wake(CAUSE);
    await clock.advance(5000);
    expect(states()).toMatchObject({ 'web.1': 'starting' });
    await proceed();
    expect(states()).toMatchObject({ 'web.1': 'up' });
  });

  test.each<[string, (app: Awaited<ReturnType<typeof startFakeApp>>['app']) => unknown]>([
    ['a restart', (app) => app.dynos.restart({ kind: 'all' })],
    ['a restart of one dyno', (app) => app.dynos.restart({ kind: 'dyno', name: 'worker.1' })],
    ['a release', (app) => app.releases.updateConfigVars(new Map([['A', '1']]))],
    [
      'a size that does not sleep',
      (app) =>
        app.dynos.scale([
          { type: 'web', size: 'Basic' },
          { type: 'worker', size: 'Basic' },
        ]),
    ],
    ['losing its web dynos', (app) => app.dynos.scale([{ type: 'web', quantity: { to: 0 } }])],
  ])('is woken by %s', async (_what, action) => {
    const { app, pass, states } = await startAsleep();
    await action(app);
    await pass(0);
    expect(app.sleep.sleeper.isAsleep).toBe(false);
    expect(Object.values(states()).every((state) => state === 'up')).toBe(true);
  });

  test('is not woken by scaling, by stopping a dyno, or by new sources', async () => {
    const { app, pass, states } = await startAsleep();
    app.dynos.scale([{ type: 'web', quantity: { to: 2 } }]);
    app.dynos.stopSome({ kind: 'all' });
    app.dynos.replace();
    await pass(100 * MINUTE);
    expect(states()).toEqual({ 'web.1': 'idle', 'web.2': 'idle', 'worker.1': 'idle' });
  });

  test('goes to sleep again', async () => {
    const { app, pass, states } = await startAsleep();
    const request = app.sleep.sleeper.enter();
    request.wake(CAUSE);
    await pass(5000);
    request.release(5100);
    await pass(30 * MINUTE);
    expect(states()).toMatchObject({ 'web.1': 'idle' });
  });
});

describe('by hand', () => {
  test('it sleeps and wakes now', async () => {
    const { app, pass, states, said } = await startFakeApp();
    app.sleep.sleeper.sleepNow();
    expect(states()).toEqual({ 'web.1': 'idle', 'worker.1': 'idle' });
    await pass(0);
    said();
    app.sleep.sleeper.wakeNow();
    await pass(5000);
    expect(states()).toEqual({ 'web.1': 'up', 'worker.1': 'up' });
    expect(said()).toContain('dynosim[api]: woken by hand, after 5.0 s = 5.0 s delay + 0.0 s boot');
  });

  test('a wake that ends in another sleep is forgotten', async () => {
    const { app, pass } = await startAsleep();
    app.sleep.sleeper.wakeNow();
    app.sleep.sleeper.sleepNow();
    app.sleep.sleeper.enter().wake(CAUSE);
    await pass(5000);
    expect(app.sleep.wakes.list).toMatchObject([{ cause: CAUSE, held: 1, delayMs: 5000 }]);
  });

  test('it does not sleep during a request, and names the reason', async () => {
    const { app } = await startFakeApp();
    const { sleeper } = app.sleep;
    const refusal = (): unknown => {
      try {
        return sleeper.sleepNow();
      } catch (error) {
        return error;
      }
    };
    const [request, websocket] = [sleeper.enter(), sleeper.enter()];
    websocket.upgraded();
    expect(refusal()).toMatchObject({
      code: 'BUSY',
      message: 'The app is kept awake by 1 request in progress and 1 open websocket',
      hint: expect.stringContaining('until one side closes it'),
    });
    websocket.release(undefined);
    expect(refusal()).toMatchObject({ message: 'The app is kept awake by 1 request in progress' });
    request.release(undefined);
    expect(refusal()).toBeUndefined();
  });

  test('what never sleeps does not sleep by hand either', async () => {
    const { app } = await startFakeApp({ sizes: 'basic' });
    expect(() => app.sleep.sleeper.sleepNow()).toThrow(expect.objectContaining({ code: 'NEVER_SLEEPS' }));
  });
});

test('an app that has ended leaves no timer', async () => {
  const { app, clock, proceed } = await startFakeApp();
  const stopping = app.stop();
  await proceed();
  await stopping;
  expect(clock.pending).toBe(0);
});
