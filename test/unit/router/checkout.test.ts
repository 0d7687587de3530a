import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Emitter } from '../../../src/base/emitter.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import type { Backend, Backends, Readiness } from '../../../src/router/backends.js';
import { Checkout } from '../../../src/router/checkout.js';
import { ClientConnection } from '../../../src/router/client/connection.js';
import { Deadlines } from '../../../src/router/deadlines.js';
import type { DynoConnection } from '../../../src/router/dyno/connection.js';
import type { ConnectResult } from '../../../src/router/dyno/pool.js';
import { ProxiedRequest } from '../../../src/router/proxied-request.js';
import { ManualClock } from '../../helpers/manual-clock.js';

const dyno = (n: number): Backend => ({
  id: `web.${n}#1`,
  dyno: `web.${n}`,
  host: '127.0.0.1',
  port: n,
});

/** Dynos without an unused connection. */
function setup(count: number, connect: (backend: Backend) => ConnectResult, random = (): number => 0) {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const changed = new Emitter();
  const [first = dyno(1), ...more] = Array.from({ length: count }, (_, i) => dyno(i + 1));
  const world = {
    readiness: { kind: 'up', backends: [first, ...more] } as Readiness,
    tried: [] as string[],
    remarks: [] as string[],
    isDebugged: false,
  };
  const backends: Backends = {
    readiness: () => world.readiness,
    onChange: (listener) => changed.subscribe(listener),
    inFlight: 1,
    enter: () => ({
      wake: () => {},
      assign: () => {},
      sent: () => {},
      unassign: () => {},
      upgraded: () => {},
      isDebugged: () => world.isDebugged,
      release: () => {},
    }),
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
    random,
    remark: (line) => world.remarks.push(line),
  });
  const request = (): ProxiedRequest => {
    const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' });
    const client = new ClientConnection(new Socket(), deadlines, 1);
    const made = new ProxiedRequest(req, new ServerResponse(req), client, 0);
    made.enter(backends.enter(''));
    return made;
  };
  return { clock, changed, checkout, request, world };
}

const refused: ConnectResult = { kind: 'refused', ms: 1 };
const late: ConnectResult = { kind: 'timeout', ms: 5001 };

function connected(backend: Backend): ConnectResult {
  const connection = { backend, destroy: () => {} };
  return { kind: 'connected', connection: connection as unknown as DynoConnection };
}

test('a dyno without an unused connection gets its share: the draw is not repeated', async () => {
  const draws = [0.9, 0.1];
  const { checkout, request } = setup(2, connected, () => draws.shift() ?? 0);
  expect(await checkout.connection(request())).toMatchObject({ backend: { dyno: 'web.2' } });
  expect(await checkout.connection(request())).toMatchObject({ backend: { dyno: 'web.1' } });
  expect(draws).toEqual([]);
});

describe('dynos that refuse connections', () => {
  test('the requests to the only one are held, and go on as soon as it takes them', async () => {
    let isListening = false;
    const { clock, checkout, request, world } = setup(1, (backend) =>
      isListening ? connected(backend) : refused,
    );
    const served: number[] = [];
    for (const n of [1, 2, 3])
      void Promise.resolve(checkout.connection(request())).then(() => served.push(n));
    await clock.advance(6300);
    const attempts = world.tried.length;
    expect(attempts, 'one request tries for all').toBeLessThanOrEqual(3 + 6300 / 50);
    expect(served).toEqual([]);
    isListening = true;
    await clock.advance(50);
    expect(served.toSorted()).toEqual([1, 2, 3]);
    expect(world.tried).toHaveLength(attempts + 3);
    expect(await checkout.connection(request())).toMatchObject({ backend: { dyno: 'web.1' } });
  });

  test('a request goes to another dyno at once, and one more tries after 50 ms', async () => {
    const { clock, checkout, request, world } = setup(2, (backend) =>
      backend.dyno === 'web.1' ? refused : connected(backend),
    );
    await checkout.connection(request());
    await checkout.connection(request());
    expect(world.tried).toEqual(['web.1', 'web.2', 'web.2']);
    await clock.advance(50);
    await checkout.connection(request());
    expect(world.tried.slice(3)).toEqual(['web.1', 'web.2']);
  });

  test('the log reports it once if it takes longer than a restart', async () => {
    let isListening = false;
    const { clock, checkout, request, world } = setup(1, (backend) =>
      isListening ? connected(backend) : refused,
    );
    const gap = async (ms: number): Promise<void> => {
      isListening = false;
      const results = [checkout.connection(request()), checkout.connection(request())];
      await clock.advance(ms);
      isListening = true;
      await clock.advance(50);
      await Promise.all(results);
    };
    await gap(900);
    expect(world.remarks).toEqual([]);
    await gap(5000);
    expect(world.remarks).toEqual([
      'web.1 runs but refuses connections: requests wait until it listens again, for up to 1m15s',
    ]);
    await gap(2000);
    expect(world.remarks).toHaveLength(2);
  });

  test('H21 after 75 s, for each request that was held', async () => {
    const { clock, checkout, request } = setup(12, () => refused);
    const requests = [request(), request()];
    const results = requests.map((one) =>
      expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H21' }),
    );
    await clock.advance(75_000);
    await Promise.all(results);
    for (const one of requests) expect(one.line(0)).toMatchObject({ dyno: expect.any(String), connectMs: 1 });
  });

  test('but not one that has ended', async () => {
    const { clock, changed, checkout, request, world } = setup(1, () => refused);
    const result = expect(checkout.connection(request())).rejects.toMatchObject({ code: 'H10' });
    await clock.advance(1000);
    world.readiness = { kind: 'crashed' };
    changed.emit();
    await result;
  });
});

describe('dynos that accept no connection in time', () => {
  test('H19 once each has been tried', async () => {
    const { checkout, request, world } = setup(3, () => late);
    const one = request();
    await expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H19' });
    expect(world.tried).toEqual(['web.1', 'web.2', 'web.3']);
    expect(one.line(0)).toMatchObject({ dyno: 'web.3', connectMs: 5001 });
  });

  test('at most ten are tried', async () => {
    const { checkout, request, world } = setup(12, () => late);
    await expect(checkout.connection(request())).rejects.toMatchObject({ code: 'H19' });
    expect(world.tried).toHaveLength(10);
  });

  test('get no other request for 5 s', async () => {
    const { clock, checkout, request, world } = setup(2, (backend) =>
      backend.dyno === 'web.1' ? late : connected(backend),
    );
    await checkout.connection(request());
    await clock.advance(4999);
    await checkout.connection(request());
    expect(world.tried).toEqual(['web.1', 'web.2', 'web.2']);
    await clock.advance(1);
    await checkout.connection(request());
    expect(world.tried.slice(3)).toEqual(['web.1', 'web.2']);
  });
});

test('an interrupted waiting request fails with the reason', async () => {
  const { checkout, request, world, clock } = setup(1, () => refused);
  world.readiness = { kind: 'starting' };
  const one = request();
  const result = expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H27' });
  one.left();
  await result;
  await clock.advance(0);
  await expect(checkout.connection(one)).rejects.toMatchObject({ code: 'H27' });
});

test('a debugger that holds up the boot of a dyno holds up H20, which begins anew when it leaves', async () => {
  const { checkout, request, world, clock } = setup(1, () => refused);
  world.readiness = { kind: 'starting' };
  world.isDebugged = true;
  const result = checkout.connection(request());
  let failed = '';
  void Promise.resolve(result).catch((error) => {
    failed = error.code;
  });
  await clock.advance(3_600_000);
  world.isDebugged = false;
  await clock.advance(75_000);
  expect(failed).toBe('');
  await clock.advance(2000);
  expect(failed).toBe('H20');
});

describe('a connection that the dyno closed without an answer', () => {
  test('is replaced by one to the same dyno, which may refuse for a moment', async () => {
    let isListening = false;
    const { clock, checkout, request, world } = setup(3, (one) => (isListening ? connected(one) : refused));
    const result = checkout.again(request(), { backend: dyno(2), isReused: true });
    await clock.advance(300);
    isListening = true;
    await clock.advance(50);
    expect(await result).toMatchObject({ backend: { dyno: 'web.2' } });
    expect(new Set(world.tried)).toEqual(new Set(['web.2']));
  });

  test('H13 if it refuses for 5 s', async () => {
    const { clock, checkout, request } = setup(3, () => refused);
    const result = expect(
      checkout.again(request(), { backend: dyno(2), isReused: true }),
    ).rejects.toMatchObject({
      code: 'H13',
    });
    await clock.advance(5000);
    await result;
  });

  test('H13 if it ends', async () => {
    const { changed, checkout, request, world } = setup(3, () => refused);
    const result = expect(
      checkout.again(request(), { backend: dyno(2), isReused: true }),
    ).rejects.toMatchObject({
      code: 'H13',
    });
    world.readiness = { kind: 'starting' };
    changed.emit();
    await result;
  });

  test('H13 if the connection was new and the dyno still listens', async () => {
    const closed: string[] = [];
    const { clock, checkout, request } = setup(3, (backend) => {
      const connection = { backend, destroy: () => closed.push(backend.dyno) };
      return { kind: 'connected', connection: connection as unknown as DynoConnection };
    });
    const result = expect(
      checkout.again(request(), { backend: dyno(3), isReused: false }),
    ).rejects.toMatchObject({ code: 'H13' });
    await clock.advance(10);
    await result;
    expect(closed).toEqual(['web.3']);
  });

  test('is replaced by one to the same dyno if its server restarts itself, which takes connections to the end', async () => {
    let isListening = true;
    const { clock, checkout, request } = setup(3, (one) => (isListening ? connected(one) : refused));
    const result = checkout.again(request(), { backend: dyno(2), isReused: false });
    isListening = false;
    await clock.advance(300);
    isListening = true;
    await clock.advance(50);
    expect(await result).toMatchObject({ backend: { dyno: 'web.2' } });
  });

  test('H13 if the dyno is gone after it got the request a second time: it may have died of it', async () => {
    const { changed, checkout, request, world } = setup(1, connected);
    const one = request();
    await checkout.again(one, { backend: dyno(1), isReused: true });
    world.readiness = { kind: 'up', backends: [dyno(2)] };
    changed.emit();
    const result = checkout.again(one, { backend: dyno(1), isReused: false });
    await expect(result).rejects.toMatchObject({ code: 'H13' });
  });

  test('is replaced by one to another dyno, if this one is stopping', async () => {
    const { checkout, request, world } = setup(2, connected);
    await checkout.again(request(), { backend: dyno(7), isReused: false });
    expect(world.tried).toEqual(['web.1']);
  });
});

test('a dyno that is stopped during a connect gets no request', async () => {
  const closed: string[] = [];
  const { checkout, request, world } = setup(2, (backend) => {
    const [, second] = (world.readiness as Extract<Readiness, { kind: 'up' }>).backends;
    if (second !== undefined) world.readiness = { kind: 'up', backends: [second] };
    const connection = { backend, destroy: () => closed.push(backend.dyno) };
    return { kind: 'connected', connection: connection as unknown as DynoConnection };
  });
  expect(await checkout.connection(request())).toMatchObject({ backend: { dyno: 'web.2' } });
  expect(closed).toEqual(['web.1']);
});
