import { describe, expect, test } from 'vitest';
import { answering, fields, listeningTo, OK, startDyno, startWorld, type Wire } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: a', '', ''] as const;
const POST = ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 2', '', 'hi'] as const;
/** As node:http answers by default. */
const PROMISING = ['HTTP/1.1 200 OK', 'Keep-Alive: timeout=5', 'Content-Length: 2', '', 'ok'] as const;

/** Answers every request, and then does something. */
function answeringThen(answer: readonly string[], then: (wire: Wire) => void): (wire: Wire) => Promise<void> {
  return async (wire) => {
    for (;;) {
      await wire.request();
      wire.send(...answer);
      then(wire);
    }
  };
}

async function ask(client: Wire, request: readonly string[]): Promise<string> {
  client.take();
  return client.send(...request).until(/ok$|<\/html>\n$/);
}

describe('connections to dynos', () => {
  test('are used again, the last used first', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    for (let i = 0; i < 3; i += 1) expect(await ask(client, GET)).toContain('200 OK');
    expect(dyno.wires.items).toHaveLength(1);
    expect(fields(world.log.items[1])).toMatchObject({ connect: '0ms' });
  });

  test('are used again also after a response that was held back to its end', async () => {
    const world = await startWorld();
    const large = ['HTTP/1.1 200 OK', 'Content-Length: 3000000', '', 'x'.repeat(2_999_998)].join('\r\n');
    const dyno = await startDyno(answering(`${large}ok`));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    for (let i = 0; i < 5; i += 1) {
      client.take();
      client.send(...GET);
      await client.bytes(3_000_000);
      await client.until(/ok$/);
    }
    expect(dyno.wires.items).toHaveLength(1);
  });

  test('are closed after 90 s without use', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    await ask(await world.connect(), GET);
    await world.log.count(1);
    await world.clock.advance(89_999);
    expect(dyno.wires.items[0]?.isEnded).toBe(false);
    await world.clock.advance(1);
    await dyno.wires.items[0]?.ended();
  });

  test('are closed when the dyno is stopped; those in use, after their response', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      if ((await wire.request()).includes('/idle')) wire.send(...OK);
    });
    world.backends.up(dyno.backend);
    const [one, two] = [await world.connect(), await world.connect()];
    one.send('GET /busy HTTP/1.1', 'Host: a', '', '');
    await dyno.wires.count(1);
    two.send('GET /idle HTTP/1.1', 'Host: a', '', '');
    await two.until('ok');
    await world.log.count(1);
    world.backends.set({ kind: 'starting' });
    const [busy, idle] = await dyno.wires.count(2);
    await idle?.ended();
    busy?.send(...OK);
    await one.until('ok');
    await busy?.ended();
  });

  test('are one per request without keep-alive', async () => {
    const world = await startWorld({ dynoKeepAlive: false });
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    await ask(client, GET);
    expect(dyno.wires.items).toHaveLength(2);
    expect(dyno.wires.items[0]?.all).toContain('\r\nConnection: close\r\n');
    await dyno.wires.items[1]?.ended();
  });

  test('unrequested bytes close an idle one, and reach no client', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    const [first] = dyno.wires.items;
    first?.send('HTTP/1.1 200 OK', 'Content-Length: 6', '', 'poison');
    await first?.ended();
    expect(await ask(client, GET)).toMatch(/ok$/);
    expect(dyno.wires.items).toHaveLength(2);
  });

  test('bytes after a dyno’s response reach no client', async () => {
    const world = await startWorld();
    const dyno = await startDyno(
      answering([...OK, 'HTTP/1.1 200 OK'].join('\r\n'), 'Content-Length: 6', '', 'poison'),
    );
    world.backends.up(dyno.backend);
    const client = await world.connect();
    expect(await ask(client, GET)).toMatch(/ok$/);
    await dyno.wires.items[0]?.ended();
    expect(await ask(client, GET)).toMatch(/ok$/);
    expect(dyno.wires.items).toHaveLength(2);
  });
});

describe('a dyno that closes idle connections causes no errors', () => {
  const closings: readonly (readonly [string, readonly string[], (wire: Wire) => void])[] = [
    ['after each answer, without a word', OK, (wire) => wire.socket.end()],
    ['after each answer, with a reset', OK, (wire) => void setImmediate(() => wire.socket.resetAndDestroy())],
    [
      'after each answer, and says so',
      ['HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 2', '', 'ok'],
      (wire) => wire.socket.end(),
    ],
    ['after 1 ms', OK, (wire) => void setTimeout(() => wire.socket.end(), 1)],
    ['after 5 ms', OK, (wire) => void setTimeout(() => wire.socket.end(), 5)],
    [
      'after 5 ms, and announces 0 s',
      ['HTTP/1.1 200 OK', 'Keep-Alive: timeout=0', 'Content-Length: 2', '', 'ok'],
      (wire) => void setTimeout(() => wire.socket.end(), 5),
    ],
    ['with its answer, which has no length', ['HTTP/1.1 200 OK', '', 'ok'], (wire) => wire.socket.end()],
    ['as HTTP/1.0 does', ['HTTP/1.0 200 OK', 'Content-Length: 2', '', 'ok'], (wire) => wire.socket.end()],
  ];

  test.each(closings)('%s', async (_, answer, close) => {
    const world = await startWorld();
    const dyno = await startDyno(answeringThen(answer, close));
    world.backends.up(dyno.backend);
    const client = async (n: number): Promise<void> => {
      const wire = await world.connect();
      for (let i = 0; i < 40; i += 1) {
        wire.take();
        // Neither in step with the dyno nor with one another; every third cannot be repeated.
        await new Promise((resolve) => setTimeout(resolve, (i * n) % 7));
        wire.send(...(i % 3 === 0 ? POST : GET));
        expect(await wire.until(/ok$|ok\r\n0\r\n\r\n$|<\/html>\n$/)).toMatch(/^HTTP\/1\.1 200 OK/);
      }
    };
    await Promise.all([1, 2, 3, 4, 5].map(client));
    await world.log.count(200);
    expect(world.log.items.filter((line) => !line.includes('status=200'))).toEqual([]);
  });

  test('an announced timeout is kept to, with a second to spare', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...PROMISING));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    await world.clock.advance(3999);
    await ask(client, GET);
    expect(dyno.wires.items).toHaveLength(1);
    await world.clock.advance(4000);
    await dyno.wires.items[0]?.ended();
    await ask(client, GET);
    expect(dyno.wires.items).toHaveLength(2);
  });

  test('what cannot be repeated goes out on a connection used a moment ago, or on a new one in its place', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...PROMISING));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    await world.clock.advance(1000);
    await ask(client, POST);
    expect(dyno.wires.items).toHaveLength(1);
    await world.clock.advance(1001);
    await ask(client, POST);
    expect(dyno.wires.items).toHaveLength(2);
    await dyno.wires.items[0]?.ended();
  });

  test('what cannot be repeated never meets a dyno that has promised nothing, unless on a new connection', async () => {
    const world = await startWorld();
    const dyno = await startDyno(answering(...OK));
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    await ask(client, POST);
    expect(dyno.wires.items).toHaveLength(2);
    await dyno.wires.items[0]?.ended();
  });
});

describe('a repeatable request that meets a closed connection', () => {
  /** Answers the first request of each connection; the second ends it. */
  const closesOnSecond = async (wire: Wire): Promise<void> => {
    await wire.request();
    wire.send(...OK);
    await wire.request();
    wire.socket.end();
  };

  test('is repeated on a new one, once', async () => {
    const world = await startWorld();
    const dyno = await startDyno(closesOnSecond);
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    expect(await ask(client, GET)).toContain('200 OK');
    expect(dyno.wires.items).toHaveLength(2);
    await world.log.count(2);
    expect(world.log.items).toHaveLength(2);
  });

  test('is repeated once more if the new one goes to a server that ends to restart itself', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      if (dyno.wires.items.length === 2) {
        dyno.server.close();
        return wire.socket.destroy();
      }
      wire.send(...OK);
      await wire.request();
      wire.socket.end();
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    const answer = ask(client, GET);
    await listeningTo(world, 2);
    await world.clock.advance(10);
    await listeningTo(world, 2);
    await new Promise<void>((resolve) => {
      dyno.server.listen({ host: '127.0.0.1', port: dyno.backend.port }, resolve);
    });
    await world.clock.advance(50);
    expect(await answer).toContain('200 OK');
    expect(dyno.wires.items).toHaveLength(3);
  });

  test('is not repeated after the first byte of an answer', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
      await wire.request();
      wire.send('HTTP').socket.end();
    });
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    expect(await ask(client, GET)).toContain('H13');
    expect(dyno.wires.items).toHaveLength(1);
  });

  test('is not repeated if the dyno has died: it may have been the cause', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
      await wire.request();
      dyno.server.close();
      wire.socket.destroy();
    });
    const other = await startDyno(answering(...OK), 'web.2');
    world.backends.up(dyno.backend);
    const client = await world.connect();
    await ask(client, GET);
    const answer = ask(client, GET);
    await listeningTo(world, 2);
    world.backends.up(other.backend);
    expect(await answer).toContain('H13');
    await world.log.count(2);
    const dead = world.log.items.map((line) => fields(line)).find(({ code }) => code === 'H13');
    expect(dead).toMatchObject({ dyno: 'web.1', status: '503' });
  });

  test('goes to another dyno if this one is stopping, also from a new connection', async () => {
    const world = await startWorld();
    const leaving = await startDyno(async (wire) => {
      await wire.request();
      world.backends.up(staying.backend);
      wire.socket.destroy();
    });
    const staying = await startDyno(answering(...OK), 'web.2');
    world.backends.up(leaving.backend);
    expect(await ask(await world.connect(), GET)).toContain('200 OK');
  });

  test('goes to another dyno if this one is stopping', async () => {
    const world = await startWorld();
    const leaving = await startDyno(async (wire) => {
      await wire.request();
      wire.send(...OK);
      await wire.request();
      world.backends.up(staying.backend);
      leaving.server.close();
      wire.socket.destroy();
    });
    const staying = await startDyno(answering(...OK), 'web.2');
    world.backends.up(leaving.backend);
    const client = await world.connect();
    await ask(client, GET);
    expect(await ask(client, GET)).toContain('200 OK');
    await world.log.count(2);
    expect(fields(world.log.items[1])).toMatchObject({ at: 'info', dyno: 'web.2' });
  });
});

test('an app that is removed is forgotten: its unused connections are closed', async () => {
  const world = await startWorld();
  const dyno = await startDyno(answering(...OK));
  world.backends.up(dyno.backend);
  await ask(await world.connect(), GET);
  world.router.forget({ name: 'my-app', backends: world.backends, log: () => {} });
  await dyno.wires.items[0]?.ended();
  expect(world.backends.listeners).toBe(0);
});
