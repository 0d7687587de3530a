import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import type { Host } from '../../../src/host/host.js';
import { openAuthority } from '../../../src/tls/authority.js';
import { makeFolder } from '../../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';
import { addTestApp, logged, startTestHost } from '../../helpers/start-host.js';
import { call } from './world.js';

interface World {
  readonly host: Host;
  readonly app: App;
  /** What clients trust. */
  readonly ca: string;
}

async function startWorld(): Promise<World> {
  const dataFolder = makeFolder();
  const host = await startTestHost({ dataFolder });
  const app = await addTestApp(host, 'demo', { Procfile: 'worker: echo working; exec sleep 1000' });
  return { host, app, ca: openAuthority(dataFolder, Date.now()).certificate.toString() };
}

/** Connects like `heroku run` to the API's attach URL. */
async function connectTo({ host, ca }: World, line: string): Promise<TLSSocket> {
  const { hostname, port } = new URL(host.apiUrl);
  const socket = connect({ host: hostname, port: Number(port), ca });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  socket.write(line);
  return socket;
}

/** Runs a command as `heroku run` does. */
async function heroku(world: World, body: object) {
  const answer = await call(world.host, 'POST', '/apps/demo/dynos', { body: { attach: true, ...body } });
  const { attach_url: url, name } = answer.body as { attach_url: string; name: string };
  expect(url).toMatch(/^rendezvous:\/\/127\.0\.0\.1:\d+\/[\w-]{36}$/);
  const socket = await connectTo(world, `${new URL(url).pathname.slice(1)}\r\n`);
  const chunks: string[] = [];
  socket.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk));
  return {
    socket,
    name,
    url,
    async printed(pattern: RegExp) {
      while (!pattern.test(chunks.join(''))) await once(socket, 'data');
    },
    /** The chunks received until the end of the dyno. */
    async end(): Promise<readonly string[]> {
      socket.write('\x04');
      if (!socket.readableEnded) await once(socket, 'end');
      return chunks;
    },
  };
}

describe('heroku run', () => {
  test('gets a line to throw away, then the output, then the end', async () => {
    const world = await startWorld();
    const client = await heroku(world, {
      command: 'echo "$A in $DYNO"; exit 3',
      env: { A: 'a', TERM: 'dumb' },
    });
    const [first, ...rest] = await client.end();
    expect(first).toBe('rendezvous\r\n');
    expect(rest.join('')).toBe(`a in ${client.name}\n`);
    await logged(world.app, /^Process exited with status 3$/);
  });

  test('gets the exit status that it asks for in one piece, after ever so much output', async () => {
    const world = await startWorld();
    const command = 'seq 100000 ; echo "\uFFFF heroku-command-exit-status: $?"';
    const pieces = await (await heroku(world, { command })).end();
    expect(pieces.at(-1)).toBe('\uFFFF heroku-command-exit-status: 0\n');
    expect(pieces.slice(1, -1).join('').split('\n')).toHaveLength(100_001);
  });

  test('sends Ctrl-D at the end of its stdin', async () => {
    const world = await startWorld();
    const client = await heroku(world, { command: 'cat; echo over' });
    client.socket.write('some \x04 text\n');
    await client.printed(/text/);
    expect((await client.end()).slice(1).join('')).toBe('some \x04 text\nover\n');
  });

  test('gets a terminal of the size that it sends, in numbers', async () => {
    const world = await startWorld();
    const env = { COLUMNS: 90, LINES: 33, TERM: 'xterm' };
    const client = await heroku(world, {
      command: 'test -t 0 && stty size && read line && echo "<$line>"',
      env,
    });
    await client.printed(/33 90/);
    client.socket.write('hello\r');
    await client.printed(/<hello>/);
  });

  test('reports a new size under the name of its terminal', async () => {
    const world = await startWorld();
    const answer = await call(world.host, 'POST', '/apps/demo/dynos', {
      body: {
        attach: true,
        command: "trap 'stty size' WINCH; echo ready; while :; do sleep 0.01; done",
        env: { COLUMNS: 90, LINES: 33 },
      },
      headers: { 'dynosim-terminal': 'mine' },
    });
    const { attach_url: url } = answer.body as { attach_url: string };
    const socket = await connectTo(world, `${new URL(url).pathname.slice(1)}\r\n`);
    let seen = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      seen += chunk;
    });
    const shows = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(seen)) await once(socket, 'data');
    };
    await shows(/ready/);
    const path = '/dynosim/terminals/mine';
    expect((await call(world.host, 'POST', path, { body: { columns: 0, rows: 1 } })).status).toBe(422);
    await call(world.host, 'POST', path, { body: { columns: 100, rows: 44 } });
    await shows(/44 100/);
  });

  test('leaves, and its dyno is hung up', async () => {
    const world = await startWorld();
    const nap = uniqueNap();
    const client = await heroku(world, { command: `echo ready; sleep ${nap}` });
    await client.printed(/ready/);
    client.socket.destroy();
    await untilGone(nap);
    await logged(world.app, /^Client connection closed\. Sending SIGHUP to all processes$/);
  });

  test('has more to say than its dyno ever reads, and leaves', async () => {
    const world = await startWorld();
    const nap = uniqueNap();
    const client = await heroku(world, { command: `echo ready; sleep ${nap}` });
    await client.printed(/ready/);
    client.socket.write('x'.repeat(200_000), () => client.socket.destroy());
    await untilGone(nap);
  });

  test('an id counts once, and a wrong one for nothing', async () => {
    const world = await startWorld();
    const client = await heroku(world, { command: 'cat' });
    await client.printed(/rendezvous/);
    const { pathname } = new URL(client.url);
    for (const line of [`${pathname.slice(1)}\r\n`, 'no-such-id\r\n', 'x'.repeat(300)]) {
      const other = await connectTo(world, line);
      expect(await text(other)).toBe('');
    }
    await client.end();
  });

  test('an id may come byte by byte', async () => {
    const world = await startWorld();
    const answer = await call(world.host, 'POST', '/apps/demo/dynos', {
      body: { attach: true, command: 'echo hi' },
    });
    const { attach_url: url } = answer.body as { attach_url: string };
    const socket = await connectTo(world, '');
    for (const byte of `${new URL(url).pathname.slice(1)}\r\n\x04`) socket.write(byte);
    expect(await text(socket)).toBe('rendezvous\r\nhi\n');
  });
});

describe('TLS on the port of the API', () => {
  test('brings HTTP, to the same host and origin rules', async () => {
    const { host, ca } = await startWorld();
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const url = `${host.apiUrl.replace(/^http:/, 'https:')}/account`;
      const asking = httpsRequest(url, { ca, agent: false, headers }).end();
      const [response] = await once(asking, 'response');
      return { status: response.statusCode, body: await text(response) };
    };
    const Authorization = 'Bearer secret';
    expect(await ask({ Authorization })).toMatchObject({ status: 200, body: expect.stringMatching(/email/) });
    expect((await ask({})).status).toBe(401);
    const { port } = new URL(host.apiUrl);
    expect((await ask({ Authorization, Origin: `https://127.0.0.1:${port}` })).status).toBe(200);
    expect((await ask({ Authorization, Origin: `http://127.0.0.1:${port}` })).status).toBe(403);
  });

  test('input that is neither HTTP nor TLS gets a 400', async () => {
    const { host } = await startWorld();
    const socket = connectTcp(Number(new URL(host.apiUrl).port), '127.0.0.1');
    socket.write('\x00\x01garbage\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test('connections that say nothing do not keep dynosim', async () => {
    const world = await startWorld();
    const silent = await connectTo(world, '');
    const { hostname, port } = new URL(world.host.apiUrl);
    const hello = connectTcp(Number(port), hostname);
    hello.write(Buffer.from([0x16, 3, 1]));
    await once(hello, 'ready');
    const over = Promise.all([silent, hello].map((socket) => new Promise((end) => socket.on('close', end))));
    for (const socket of [silent, hello]) socket.on('error', () => {}).resume();
    await world.host.close();
    await over;
  });

  test('is not spoken without a place for certificates', async () => {
    const host = await startTestHost();
    const { hostname, port } = new URL(host.apiUrl);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
  });
});

test('no process is left of a client that came and went', () => {
  expect(processesWith('heroku-command-exit-status')).toEqual([]);
});
