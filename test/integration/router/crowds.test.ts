import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import { answering, OK, startDyno, startWorld, untilStill, type World } from './world.js';

const GET = ['GET / HTTP/1.1', 'Host: a', '', ''] as const;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function many<T>(n: number, make: () => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: n }, make));
}

async function served(world: World, requests: number): Promise<void> {
  for (let i = 0; i < requests; i += 1) {
    const client = await world.connect();
    expect(await client.send(...GET).until('ok')).toMatch(/^HTTP\/1\.1 200 /);
    client.socket.destroy();
  }
}

describe('among clients that mean no good, others are served', () => {
  test.each([
    ['that say nothing', ''],
    ['that do not come to the end of a line', 'GET /'],
    ['that do not come to the end of a head', 'GET / HTTP/1.1\r\nHost: a\r\nX: '],
    [
      'that come with a head of 100 KB',
      `GET / HTTP/1.1\r\nHost: a\r\n${`X: ${'x'.repeat(8000)}\r\n`.repeat(13)}`,
    ],
    ['that speak something else', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['that send NUL', '\0'.repeat(10_000)],
  ])('500 %s', async (_, bytes) => {
    const world = await startWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const clients = await many(500, () => world.connect());
    for (const client of clients) client.socket.write(bytes, 'latin1');
    await served(world, 20);
    // They are sent repeatedly.
    for (const client of clients.slice(0, 250)) client.socket.destroy();
    for (const client of await many(250, () => world.connect())) client.socket.write(bytes, 'latin1');
    await served(world, 20);
  });

  test('150 whose uploads go no further', async () => {
    const world = await startWorld();
    const dyno = await startDyno(async (wire) => {
      while ((await wire.until('\r\n\r\n')).startsWith('GET')) {
        wire.take();
        wire.send(...OK);
      }
    });
    world.backends.up(dyno.backend);
    const clients = await many(150, () => world.connect());
    for (const client of clients) client.send('POST / HTTP/1.1', 'Host: a', 'Content-Length: 9', '', 'four');
    await dyno.wires.count(150);
    await served(world, 20);
  });

  test('one that pipelines without end and reads no answer is not read any further', async () => {
    const world = await startWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const client = await world.connect();
    client.socket.pause();
    const requests = GET.join('\r\n').repeat(100_000);
    for (let i = 0; i < 4; i += 1) client.socket.write(requests);
    await untilStill(() => client.socket.writableLength + world.log.items.length);
    expect(client.socket.writableLength).toBeGreaterThan(requests.length);
    expect(world.backends.requests).toBeLessThan(10_000);
  });
});

describe('a head that does not come', () => {
  const timeouts = { ...REAL_TIMEOUTS, clientKeepAlive: 200 };

  test.each([
    ['at all', undefined],
    ['to its end', 'X: 1\r\n'],
  ])('%s: 408', async (_, line) => {
    const world = await startWorld({ timeouts, real: systemClock });
    const client = await world.connect();
    if (line !== undefined) {
      // A line from time to time delays nothing.
      client.send('GET / HTTP/1.1', 'Host: a', '');
      const slowly = setInterval(() => client.send(line), 10);
      client.socket.once('end', () => clearInterval(slowly));
      onTestFinished(() => clearInterval(slowly));
    }
    expect(await client.closedByRouter()).toMatch(/^HTTP\/1\.1 408 Request timeout\r\n/);
    expect(world.log.items).toEqual([]);
  });

  test('completely after another request: closed after 60 s', async () => {
    const world = await startWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    const client = await world.connect();
    await client.send(...GET).until('ok');
    await world.log.count(1);
    client.take();
    for (let second = 0; second < 60; second += 1) {
      client.send(second === 0 ? 'GET /2 HTTP/1.1\r\nHost: a\r\n' : 'X: 1\r\n');
      await world.clock.advance(1000);
    }
    expect(await client.ended()).toBe('');
  });
});

/** Opens connections in a separate process, each with a request; resolves when all have responses. */
async function openElsewhere(world: World, connections: number, request: string): Promise<void> {
  const program = `
    const { connect } = require('node:net');
    let left = ${connections};
    let answered = 0;
    const open = () => {
      if (left-- <= 0) return;
      const socket = connect({ host: '127.0.0.1', port: ${world.router.port} });
      socket.on('error', (error) => { console.log(error.code); process.exit(1); });
      socket.on('close', () => { console.log('closed'); process.exit(1); });
      socket.once('data', () => { answered += 1; if (answered === ${connections}) console.log('all'); open(); });
      socket.write(${JSON.stringify(request)});
    };
    for (let i = 0; i < 50; i += 1) open();
    process.stdin.resume().on('end', () => process.exit());`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const said = await new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  expect(said).toBe('all');
}

/** Descriptors that this process may have. Node takes all that it may. */
function openFiles(): number {
  const said = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
  return Number.isNaN(said) ? Number.POSITIVE_INFINITY : said;
}

describe('connections on which nothing happens are kept', () => {
  const SWITCH = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade', '', ''];
  const ASK = [...GET.slice(0, 2), 'Connection: Upgrade', 'Upgrade: x', '', ''];

  // Both sides of a websocket and the dyno's own are in this process: it may not have the descriptors for as many.
  test.runIf(openFiles() > 12_000).each([
    ['10,000 between two requests', 10_000, GET, OK],
    ['2,000 websockets', 2000, ASK, SWITCH],
  ])('%s', async (_, connections, request, answer) => {
    const world = await startWorld();
    world.backends.up((await startDyno(answering(...OK))).backend);
    await served(world, 100);
    world.backends.up((await startDyno(answering(...answer))).backend);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await openElsewhere(world, connections, request.join('\r\n'));
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / connections).toBeLessThan(30_000);
    world.backends.up((await startDyno(answering(...OK))).backend);
    await served(world, 20);
  });
});
