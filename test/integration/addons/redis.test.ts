import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect, createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRedis, type RedisConnection } from '../../../src/addons/redis/connection.js';
import { addonFolders } from '../../../src/host/host-addons.js';
import { openAuthority } from '../../../src/tls/authority.js';
import { makeFolder } from '../../helpers/folder.js';
import { NO_REDIS, REDIS } from '../../helpers/redis.js';
import { logged } from '../../helpers/start-host.js';
import { createAddon, startAddonWorld, varOf } from './world.js';

/** A client with the address that the app has got. */
async function clientOf(url: string): Promise<RedisConnection> {
  const { port, password } = new URL(url);
  const connection = await openRedis({ port: Number(port), password });
  onTestFinished(() => connection.close());
  return connection;
}

async function pidOf(client: RedisConnection): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await client.send('INFO', 'server'))?.[1]);
}

/** The error of a client that verifies the server's certificate, as clients do by default. */
function verify(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.once('secureConnect', () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

describe.skipIf(!REDIS)(`a Redis add-on (${NO_REDIS})`, () => {
  test('is as on Heroku: TLS only, with an unknown authority, a password, and no CONFIG', async () => {
    const world = await startAddonWorld();
    await createAddon(world, { plan: 'heroku-redis:mini' });
    const url = varOf(world.app, 'REDIS_URL');
    expect(url).toMatch(/^rediss:\/\/:p[0-9a-f]{64}@127\.0\.0\.1:\d+$/);
    expect(await verify(Number(new URL(url).port))).toBe('SELF_SIGNED_CERT_IN_CHAIN');
    await expect(openRedis({ port: Number(new URL(url).port), password: 'wrong' })).rejects.toThrow(
      'WRONGPASS',
    );
    const client = await clientOf(url);
    expect(await client.send('PING')).toBe('PONG');
    await expect(client.send('CONFIG', 'GET', 'maxmemory')).rejects.toThrow('unknown command');
    expect(await client.send('INFO', 'memory')).toMatch(
      /maxmemory:26214400\r\n.*maxmemory_policy:noeviction/s,
    );
  });

  test('shows its password to nobody else', async () => {
    const dir = makeFolder({ Procfile: 'worker: sleep 1000\n' });
    const world = await startAddonWorld({ dir });
    const { id } = await createAddon(world, { plan: 'heroku-redis:premium-0' });
    const url = varOf(world.app, 'REDIS_URL');
    const pid = await pidOf(await clientOf(url));
    const { password } = new URL(url);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(password);
    expect(
      world.app.logs
        .recent(1500)
        .map(({ line }) => line)
        .join('\n'),
    ).not.toContain(password);
    const file = join(addonFolders(process.env, dir).folder, id.slice(0, 8), 'redis.conf');
    expect(readFileSync(file, 'utf8')).toContain(password);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('lets in as many connections as its plan has', async () => {
    const world = await startAddonWorld();
    await createAddon(world, { plan: 'heroku-redis:mini' });
    const url = varOf(world.app, 'REDIS_URL');
    const clients = [];
    for (let n = 0; n < 20; n++) clients.push(await clientOf(url));
    // Redis closes a connection too many before its handshake.
    await expect(clientOf(url)).rejects.toThrow(/ECONNRESET|socket disconnected/);
    clients[0]?.close();
    expect(await (await eventually(() => clientOf(url))).send('PING')).toBe('PONG');
  });

  test.each([
    ['premium-0', 'keeps every acknowledged change', '1000'],
    ['mini', 'is empty', 'null'],
  ])('of plan %s, killed, comes back and %s', async (plan, _what, left) => {
    const world = await startAddonWorld();
    await createAddon(world, { plan: `heroku-redis:${plan}` });
    const url = varOf(world.app, 'REDIS_URL');
    const client = await clientOf(url);
    for (let n = 0; n < 1000; n++) await client.send('INCR', 'n');
    process.kill(await pidOf(client), 'SIGKILL');
    await logged(world.app, /ended with status 137.*; it is started again now/);
    // It refuses commands while it reads its file.
    expect(await eventually(async () => (await clientOf(url)).send('GET', 'n'))).toBe(left);
  });

  test('whose port is taken gets another one, and a release says so', async () => {
    const dir = makeFolder({ Procfile: 'worker: sleep 1000\n' });
    const first = await startAddonWorld({ dir });
    await createAddon(first, { plan: 'heroku-redis:premium-0' });
    const { port } = new URL(varOf(first.app, 'REDIS_URL'));
    await (await clientOf(varOf(first.app, 'REDIS_URL'))).send('SET', 'a', '1');
    await first.host.close();
    const squatter = createServer((socket) => socket.destroy()).listen(Number(port), '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    const second = await startAddonWorld({ dir });
    expect(new URL(varOf(second.app, 'REDIS_URL')).port).not.toBe(port);
    expect(await (await clientOf(varOf(second.app, 'REDIS_URL'))).send('GET', 'a')).toBe('1');
    expect(second.app.releases.views()).toMatchObject([{}, { description: 'Update REDIS by heroku-redis' }]);
  });

  test('ends its old server, which a killed dynosim has left, before it starts', async () => {
    const dir = makeFolder({ Procfile: 'worker: sleep 1000\n' });
    const data = makeFolder();
    const env = { XDG_DATA_HOME: data };
    const first = await startAddonWorld({ dir, env });
    const { id } = await createAddon(first, { plan: 'heroku-redis:premium-0' });
    const url = varOf(first.app, 'REDIS_URL');
    await first.host.close();
    const folder = join(addonFolders({ ...process.env, ...env }, dir).folder, id.slice(0, 8));
    const old = spawn(REDIS ?? '', ['redis.conf'], { cwd: folder, stdio: 'ignore' });
    const gone = once(old, 'exit');
    onTestFinished(() => void old.kill('SIGKILL'));
    await expect.poll(() => clientOf(url).catch(() => undefined)).toBeDefined();
    const second = await startAddonWorld({ dir, env });
    await gone;
    expect(varOf(second.app, 'REDIS_URL')).toBe(url);
  });

  test("sends its password to nobody else's server that has taken its port", async () => {
    const dir = makeFolder({ Procfile: 'worker: sleep 1000\n' });
    const first = await startAddonWorld({ dir });
    await createAddon(first, { plan: 'heroku-redis:premium-0' });
    const { port, password } = new URL(varOf(first.app, 'REDIS_URL'));
    await first.host.close();
    const received: string[] = [];
    const { key, certificate } = openAuthority(makeFolder(), Date.now()).leaf(Date.now());
    const other = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on('data', (chunk) => received.push(chunk.toString())).on('error', () => {});
    }).listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const second = await startAddonWorld({ dir });
    await expect.poll(() => varOf(second.app, 'REDIS_URL')).not.toContain(`:${port}`);
    expect(received.join('')).not.toContain(password);
  });

  test('is configured while it runs, and has what was set when it starts again', async () => {
    const dir = makeFolder({ Procfile: 'worker: sleep 1000\n' });
    const world = await startAddonWorld({ dir });
    const { name } = await createAddon(world, { plan: 'heroku-redis:premium-0' });
    const { redis, upgrade } = world.host.control.addons;
    await Promise.all([
      redis.configure({ addon: name, maxmemoryPolicy: 'allkeys-lru' }),
      redis.configure({ addon: name, timeout: 60 }),
      redis.configure({ addon: name, keyspaceEvents: 'AKE' }),
    ]);
    const changed = { maxmemoryPolicy: 'allkeys-lru', timeout: 60, keyspaceEvents: 'AKE' };
    expect(await redis.info(name)).toMatchObject(changed);
    const client = await clientOf(varOf(world.app, 'REDIS_URL'));
    expect(await client.send('INFO', 'memory')).toContain('maxmemory_policy:allkeys-lru');
    await client.send('SET', 'a', '1');
    // The server notices in its own time that earlier clients are gone.
    await expect.poll(async () => (await redis.info(name)).server).toMatchObject({ connections: 1, keys: 1 });
    await redis.resetStats(name);
    await expect(redis.configure({ addon: name, maxmemoryPolicy: 'all' })).rejects.toThrow(
      'no eviction policy',
    );
    await upgrade(name, 'mini');
    expect(await client.send('INFO', 'memory')).toContain('maxmemory:26214400');
    await world.host.close();
    const again = await startAddonWorld({ dir });
    expect(await again.host.control.addons.redis.info(name)).toMatchObject({
      timeout: 60,
      maxConnections: 20,
      server: { keys: 0 },
    });
  });

  test('gets another password: a release restarts the app with it, and the old one is refused', async () => {
    const world = await startAddonWorld();
    const { name } = await createAddon(world, { plan: 'heroku-redis:mini' });
    const before = varOf(world.app, 'REDIS_URL');
    await (await clientOf(before)).send('SET', 'a', '1');
    const { url } = await world.host.control.addons.redis.rotate(name);
    expect(url).not.toBe(before);
    expect(varOf(world.app, 'REDIS_URL')).toBe(url);
    expect(world.app.release).toMatchObject({
      description: 'Update REDIS by heroku-redis',
      by: 'heroku-redis@addons.heroku.com',
    });
    await expect(clientOf(before)).rejects.toThrow('WRONGPASS');
    expect(await (await clientOf(url)).send('GET', 'a')).toBe('1');
  });
});

/** For what the server does in its own time: listen, notice that a client is gone. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {}
  }
}

test('without a Redis server there is an error with a remedy, and no add-on', async () => {
  const world = await startAddonWorld({ env: { DYNOSIM_REDIS_BIN: '/nowhere' } });
  const creating = world.host.control.addons.create({ app: 'demo', plan: 'heroku-redis:mini' });
  await expect(creating).rejects.toMatchObject({ code: 'NO_REDIS' });
  expect(await world.host.control.addons.list()).toEqual([]);
});

test('a server without TLS, and a program that is no server, are refused', async () => {
  const folder = makeFolder({
    'no-tls': '#!/bin/sh\necho "*** FATAL CONFIG FILE ERROR ***\n>>> \'tls-port \\"0\\"\'"; exit 1\n',
    other: '#!/bin/sh\necho what\n',
  });
  for (const name of ['no-tls', 'other']) chmodSync(join(folder, name), 0o755);
  const attempt = async (name: string) => {
    const world = await startAddonWorld({ env: { DYNOSIM_REDIS_BIN: join(folder, name) } });
    return world.host.control.addons.create({ app: 'demo', plan: 'heroku-redis:mini' });
  };
  await expect(attempt('no-tls')).rejects.toMatchObject({ code: 'REDIS_WITHOUT_TLS' });
  await expect(attempt('other')).rejects.toThrow('is no Redis server that dynosim can run: what');
});
