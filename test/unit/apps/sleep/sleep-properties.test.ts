import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REAL_TIMEOUTS } from '../../../../src/base/limits.js';
import type { Backend } from '../../../../src/router/backends.js';
import { Checkout } from '../../../../src/router/checkout.js';
import { ClientConnection } from '../../../../src/router/client/connection.js';
import { Deadlines } from '../../../../src/router/deadlines.js';
import type { DynoConnection } from '../../../../src/router/dyno/connection.js';
import { RouterError } from '../../../../src/router/errors.js';
import { ProxiedRequest } from '../../../../src/router/proxied-request.js';
import { MINUTE, startFakeApp } from '../../../helpers/fake-app.js';
import { settle } from '../../../helpers/manual-clock.js';

/** Random requests, sleeps, wakes, crashes, scalings and jumps of time, through the code that decides in earnest. */

type World = Awaited<ReturnType<typeof startWorld>>;

/** How a request came out, or that it is still with a dyno or waits. */
type Outcome = 'waiting' | 'served' | 'answered' | string;

async function startWorld() {
  const fake = await startFakeApp();
  const { app, clock, containment } = fake;
  const deadlines = new Deadlines(clock);
  const isAlive = ({ port }: Backend): boolean =>
    containment.trees.some(({ spec, hasExited }) => spec.env.PORT === String(port) && !hasExited);
  const checkout = new Checkout({
    backends: app.backends,
    pool: {
      take: () => undefined,
      connect: async (backend) =>
        isAlive(backend)
          ? { kind: 'connected', connection: { backend, connectMs: 0, isReused: false } as DynoConnection }
          : { kind: 'refused', ms: 0 },
      keepOnly: () => {},
      close: () => {},
    },
    clock,
    deadlines,
    timeouts: REAL_TIMEOUTS,
    random: () => 0,
    remark: () => {},
  });
  const requests: { outcome: Outcome; end: () => void }[] = [];
  const request = (): void => {
    const req = new IncomingMessage(new Socket());
    const proxied = new ProxiedRequest(
      req,
      new ServerResponse(req),
      new ClientConnection(new Socket(), deadlines, 1),
      0,
    );
    proxied.begin(clock.now());
    proxied.enter(app.backends.enter(''));
    const entry = { outcome: 'waiting' as Outcome, end: () => {} };
    requests.push(entry);
    const leave = (outcome: Outcome): void => {
      entry.outcome = outcome;
      proxied.release();
    };
    Promise.resolve(checkout.connection(proxied)).then(
      () => {
        entry.outcome = 'served';
        entry.end = () => leave('answered');
      },
      (error: unknown) => leave(error instanceof RouterError ? (error.code ?? 'refused') : String(error)),
    );
  };
  /** Requests in the router. */
  const inRouter = (): number =>
    requests.filter(({ outcome }) => outcome === 'waiting' || outcome === 'served').length;
  return { ...fake, requests, request, inRouter };
}

const STEPS: Readonly<Record<string, (world: World, n: number) => unknown>> = {
  request: ({ request }) => request(),
  answer: ({ requests }, n) => {
    const served = requests.filter(({ outcome }) => outcome === 'served');
    served[n % Math.max(1, served.length)]?.end();
  },
  wait: ({ clock }, n) => clock.advance(n * 100),
  'wait long': ({ clock }, n) => clock.advance(n * MINUTE),
  'wait until just before sleep': ({ clock }) => clock.advance(30 * MINUTE - 1),
  advance: ({ app, world, proceed }, n) =>
    Promise.all([world.time.platform.advance(n * MINUTE, async () => settle()), proceed(), app]),
  sleep({ app, inRouter }) {
    try {
      app.sleep.sleeper.sleepNow();
      expect(inRouter()).toBe(0);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(?:BUSY|NEVER_SLEEPS)$/) });
    }
  },
  wake: ({ app }) => {
    try {
      app.sleep.sleeper.wakeNow();
    } catch (error) {
      expect(error).toMatchObject({ code: 'NEVER_SLEEPS' });
    }
  },
  listen: ({ containment }) => {
    for (const tree of containment.trees) tree.listen();
  },
  stopped: ({ containment }) => {
    for (const tree of containment.trees) if (tree.signals.includes('SIGTERM')) tree.exit(143);
  },
  crash: ({ containment }, n) => containment.trees.at(-1 - (n % 2))?.exit(1),
  restart: ({ app }) => app.dynos.restart({ kind: 'all' }),
  scale: ({ app }, n) => app.dynos.scale([{ type: 'web', quantity: { to: n % 3 } }]),
  proceed: ({ proceed }) => proceed(),
};

function check({ app, said, inRouter }: World, before: { isAsleep: boolean }): void {
  const { isAsleep } = app.sleep.sleeper;
  const running = app.dynos.views().filter(({ state }) => state === 'up' || state === 'starting');
  if (isAsleep) expect(running).toEqual([]);
  if (isAsleep && !before.isAsleep) expect(inRouter()).toBe(0);
  const unidled = said().filter((line) => line === 'heroku[web.1]: Unidling').length;
  expect(unidled).toBeLessThanOrEqual(1);
}

const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.integer({ min: 1, max: 40 })), {
  maxLength: 40,
});

test('no request is lost, nothing runs while the app sleeps, and it never sleeps while a request waits', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const world = await startWorld();
      for (const [name, n] of plan) {
        const before = { isAsleep: world.app.sleep.sleeper.isAsleep };
        await STEPS[name]?.(world, n);
        await settle();
        check(world, before);
      }
      // A waiting request gets a dyno or one of Heroku's errors within the queue timeout.
      if ((world.app.dynos.formation.get('web')?.quantity ?? 0) === 0) return;
      await world.clock.advance(5000);
      await world.proceed();
      await world.clock.advance(REAL_TIMEOUTS.queue);
      await world.proceed();
      const outcomes = new Set(world.requests.map(({ outcome }) => outcome));
      expect(
        [...outcomes].filter((outcome) => !/^(?:served|answered|H1[014]|H2[01])$/.test(outcome)),
      ).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('an app sleeps only after it has been quiet for all of the time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0, max: 50 })), { maxLength: 12 }),
      async (visits) => {
        const { app, pass } = await startFakeApp();
        for (const [pauseMinutes, serviceMinutes] of visits) {
          await pass(pauseMinutes * MINUTE);
          const request = app.sleep.sleeper.enter();
          await pass(serviceMinutes * MINUTE);
          request.release(1);
          expect(app.sleep.sleeper.isAsleep).toBe(false);
        }
        await pass(30 * MINUTE - 1);
        expect(app.sleep.sleeper.isAsleep).toBe(false);
        await pass(1);
        expect(app.sleep.sleeper.isAsleep).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
