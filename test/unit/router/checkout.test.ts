import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Emitter } from '../../../src/base/emitter.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import type { Backend, Backends, Readiness } from '../../../src/router/backends.js';
import { Checkout } from '../../../src/router/checkout.js';
import { ClientConnection } from '../../../src/router/client/connection.js';
import { Deadlines } from '../../../src/router/deadlines.js';
import type { DynoConnection } from '../../../src/router/dyno/connection.js';
import type { ConnectResult } from '../../../src/router/dyno/pool.js';
import { Visit } from '../../../src/router/visit.js';
import { ManualClock } from '../../helpers/manual-clock.js';

const dyno = (n: number): Backend => ({
  id: `web.${n}#1`,
  dyno: `web.${n}`,
  host: '127.0.0.1',
  port: n,
  occupy: () => () => {},
});

/** Dynos that take no connection. */
function setup(count: number, connect: (backend: Backend) => ConnectResult) {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const changed = new Emitter();
  const [first = dyno(1), ...more] = Array.from({ length: count }, (_, i) => dyno(i + 1));
  const world = { readiness: { kind: 'up', backends: [first, ...more] } as Readiness, tried: [] as string[] };
  const backends: Backends = {
    readiness: () => world.readiness,
    onChange: (listener) => changed.subscribe(listener),
    requestStarted: () => ({ wake: () => {}, ended: () => {} }),
  };
  const checkout = new Checkout({
    backends,
    pool: {
      take: () => undefined,
      connect: async (backend) => {
        world.tried.push(backend.dyno);
        return connect(backend);
      },
      keepOnly: () => {},
      close: () => {},
    },
    clock,
    deadlines,
    timeouts: REAL_TIMEOUTS,
    random: () => 0,
  });
  const visit = (): Visit => {
    const req = new IncomingMessage(new Socket());
    return new Visit(req, new ServerResponse(req), new ClientConnection(new Socket(), deadlines, 1), 0);
  };
  return { clock, changed, checkout, visit, world };
}

const refused: ConnectResult = { kind: 'refused', ms: 1 };

test('H21 once every dyno has refused, H19 if the last took too long', async () => {
  for (const [kind, code] of [
    ['refused', 'H21'],
    ['timeout', 'H19'],
  ] as const) {
    const { clock, checkout, visit, world } = setup(3, () => ({ kind, ms: 5001 }));
    const one = visit();
    const result = expect(checkout.connection(one)).rejects.toMatchObject({ code });
    await clock.advance(200);
    await result;
    expect(world.tried).toEqual(['web.1', 'web.2', 'web.3']);
    expect(one).toMatchObject({ dyno: 'web.3', connectMs: 5001 });
  }
});

test('at most ten dynos are tried', async () => {
  const { clock, checkout, visit, world } = setup(12, () => refused);
  const result = expect(checkout.connection(visit())).rejects.toMatchObject({ code: 'H21' });
  await clock.advance(200);
  await result;
  expect(world.tried).toHaveLength(10);
});

test('H99 when all have been in quarantine for 75 s', async () => {
  const { clock, checkout, visit } = setup(1, () => refused);
  // Somebody else puts the dyno into quarantine anew whenever it leaves it.
  const renew = async (): Promise<void> => {
    await checkout.again(visit(), { backend: dyno(1), isReused: true }).catch(() => {});
  };
  await renew();
  const result = expect(checkout.connection(visit())).rejects.toMatchObject({ code: 'H99' });
  for (let t = 0; t < 75; t += 1) {
    await clock.advance(1000);
    await renew();
  }
  await result;
});

test('a request that is interrupted while it waits says why', async () => {
  const { checkout, visit, world, clock } = setup(1, () => refused);
  world.readiness = { kind: 'starting' };
  const one = visit();
  const result = expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H27' });
  one.left();
  await result;
  await clock.advance(0);
  await expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H27' });
});

test('a connection that the dyno had closed is replaced by one to the same dyno', async () => {
  const { checkout, visit, world } = setup(3, () => refused);
  await expect(checkout.again(visit(), { backend: dyno(2), isReused: true })).rejects.toMatchObject({
    code: 'H13',
  });
  await expect(checkout.again(visit(), { backend: dyno(3), isReused: false })).rejects.toMatchObject({
    code: 'H13',
  });
  expect(world.tried).toEqual(['web.2']);
});

test('a dyno that is told to stop while it is connected to is sent nothing', async () => {
  const closed: string[] = [];
  const { checkout, visit, world } = setup(2, (backend) => {
    const [, second] = (world.readiness as Extract<Readiness, { kind: 'up' }>).backends;
    if (second !== undefined) world.readiness = { kind: 'up', backends: [second] };
    const connection = { backend, destroy: () => closed.push(backend.dyno) };
    return { kind: 'connected', connection: connection as unknown as DynoConnection };
  });
  expect(await checkout.connection(visit())).toMatchObject({ backend: { dyno: 'web.2' } });
  expect(closed).toEqual(['web.1']);
});

test('or to another one, if that has been told to stop', async () => {
  const { checkout, visit, world, clock } = setup(2, () => refused);
  const result = checkout.again(visit(), { backend: dyno(7), isReused: false }).catch(() => {});
  await clock.advance(200);
  await result;
  expect(world.tried).toEqual(['web.1', 'web.2']);
});
