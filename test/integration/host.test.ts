import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PlatformClock } from '../../src/base/clock.js';
import { REAL_TIMEOUTS } from '../../src/base/limits.js';
import { Ports } from '../../src/dynos/ports.js';
import { listenOnIPv6Soon, startRouterOnPort } from '../../src/host/router-port.js';
import { ask } from '../helpers/ask.js';
import { ManualClock } from '../helpers/manual-clock.js';
import { addAppIn, addTestApp, logged, startTestHost } from '../helpers/start-host.js';

const WEB = `
  require('node:http')
    .createServer((req, res) => res.end(process.env.NAME + ' ' + process.env.DYNO + ' ' + process.env.PORT))
    .listen(process.env.PORT);`;
const WORKER = { Procfile: 'worker: exec sleep 1000' };
/** An app among others answers for its own name only. */
const OF_MANY = { takesEveryHost: false };

describe('two apps in one host', () => {
  test('each has its own dynos, releases, log and host name', async () => {
    const host = await startTestHost();
    const one = await addTestApp(
      host,
      'one',
      { 'web.js': WEB, Procfile: 'web: node web.js', '.env': 'NAME=first' },
      OF_MANY,
    );
    const two = await addTestApp(
      host,
      'two',
      { 'web.js': WEB, Procfile: 'web: node web.js', '.env': 'NAME=second' },
      OF_MANY,
    );
    const [first, second] = await Promise.all([
      ask(host.port, 'one.localhost'),
      ask(host.port, 'two.localhost:80'),
    ]);
    expect(first.body).toMatch(/^first web\.1 \d+$/);
    expect(second.body).toMatch(/^second web\.1 \d+$/);
    expect(first.body.split(' ')[2]).not.toBe(second.body.split(' ')[2]);
    await logged(one, /host=one.localhost .*status=200/);
    expect(two.logs.recent(1500).some(({ line }) => line.includes('one.localhost'))).toBe(false);
    expect([one.release.version, two.release.version]).toEqual([1, 1]);
  });

  test('a host name of neither gets a 404', async () => {
    const host = await startTestHost();
    await addTestApp(host, 'one', WORKER, OF_MANY);
    await addTestApp(host, 'two', WORKER, OF_MANY);
    expect((await ask(host.port, 'three.localhost')).status).toBe(404);
    expect((await ask(host.port, 'one.localhost')).status).toBe(503);
  });

  test('stopping one leaves the other alone', async () => {
    const host = await startTestHost();
    const one = await addTestApp(host, 'one', WORKER, OF_MANY);
    const two = await addTestApp(host, 'two', WORKER, OF_MANY);
    await logged(two, /starting to up/);
    const pid = two.supervisor.dynos()[0]?.run?.pid;
    await one.stop();
    expect(one.supervisor.dynos().map(({ status }) => status)).toEqual(['down']);
    expect(two.supervisor.dynos().map(({ status, run }) => [status, run?.pid])).toEqual([['up', pid]]);
  });
});

describe('apps come and go', () => {
  test('one is destroyed during requests: the other keeps serving, and the first is no longer found', async () => {
    const host = await startTestHost();
    const files = { 'web.js': WEB, Procfile: 'web: node web.js' };
    const one = await addTestApp(host, 'one', files, OF_MANY);
    await addTestApp(host, 'two', files, OF_MANY);
    const serve = (name: string) => ask(host.port, `${name}.localhost`);
    expect((await serve('one')).status).toBe(200);
    expect((await serve('two')).status).toBe(200);
    let isOver = false;
    const statuses: (number | undefined)[] = [];
    const traffic = (async () => {
      while (!isOver) statuses.push((await serve('two')).status);
    })();
    const file = host.runtimeFile(one);
    expect(existsSync(file)).toBe(true);
    await host.control.destroyApp('one');
    isOver = true;
    await traffic;
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await serve('one')).status).toBe(404);
    expect(existsSync(file)).toBe(false);
    expect(one.supervisor.dynos().map(({ status }) => status)).toEqual(['down']);
    expect((await host.control.apps()).map(({ name }) => name)).toEqual(['two']);
    await expect(host.control.app('one')).rejects.toMatchObject({ code: 'NO_SUCH_APP' });
    // The name and the folder are free again.
    await addAppIn(host, 'one', { dir: one.dir }, OF_MANY);
  });

  test('the events report it, and the new app’s dynos', async () => {
    const host = await startTestHost();
    await addTestApp(host, 'one', WORKER, OF_MANY);
    const enough = new AbortController();
    const told: string[] = [];
    const following = (async () => {
      for await (const event of host.control.events(enough.signal)) {
        if (event.event === 'current') told.push(`current ${event.apps}`);
        if (event.event === 'app' || event.event === 'dyno')
          told.push(`${event.event} ${event.app} ${event.state}`);
      }
    })();
    await addTestApp(host, 'two', WORKER, OF_MANY);
    await host.control.destroyApp('one');
    enough.abort();
    await following;
    const apps = told.filter((line) => /^(?:app|current) /.test(line));
    expect(apps).toEqual(['current one', 'app two added', 'app one removed']);
    expect(told.indexOf('dyno two starting')).toBeGreaterThan(told.indexOf('app two added'));
    expect(told.slice(told.indexOf('app one removed') + 1).filter((line) => line.includes(' one '))).toEqual(
      [],
    );
  });

  test('a name is taken once; twenty apps are twenty names', async () => {
    const host = await startTestHost();
    const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
    const none = { ...OF_MANY, formation: new Map([['worker', { quantity: 0, size: 'Eco' as const }]]) };
    for (const name of names) await addTestApp(host, name, WORKER, none);
    await expect(addTestApp(host, 'app-7', WORKER, none)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    const views = await host.control.apps();
    expect(views.map(({ name, url }) => [name, url])).toEqual(
      names.map((name) => [name, `http://${name}.localhost:${host.port}`]),
    );
    const statuses = await Promise.all(names.map((name) => ask(host.port, `${name}.localhost`)));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([503]));
    await Promise.all(names.slice(1).map((name) => host.control.destroyApp(name)));
    expect((await host.control.info()).apps).toEqual(['app-0']);
  });

  test('a host that closes waits for an app that is being destroyed', async () => {
    const host = await startTestHost();
    const one = await addTestApp(host, 'one', WORKER, OF_MANY);
    await logged(one, /starting to up/);
    const destroying = host.control.destroyApp('one');
    await host.close();
    expect(one.supervisor.dynos().map(({ status }) => status)).toEqual(['down']);
    await destroying;
  });
});

test('an app may serve all host names', async () => {
  const host = await startTestHost();
  await addTestApp(host, 'one', { 'web.js': WEB, Procfile: 'web: node web.js' });
  expect((await ask(host.port, 'whatever.example.com')).status).toBe(200);
});

test('the control API lists the running apps only to clients with the token', async () => {
  const host = await startTestHost();
  const url = `${host.apiUrl}/dynosim/host`;
  const get = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
  expect(await get({ Authorization: 'Bearer secret' })).toBe(200);
  expect(await get({ Authorization: 'Bearer other' })).toBe(401);
  expect(await get({})).toBe(401);
  expect(await get({ Authorization: 'Bearer secret', Origin: 'http://evil.example' })).toBe(403);
});

describe('[::1]', () => {
  test('is listened on a little later, and no longer once it is closed', async () => {
    const host = await startTestHost();
    await addTestApp(host, 'one', { 'web.js': WEB, Procfile: 'web: node web.js' });
    await untilAccepted(host.port, '::1');
    const { port } = host;
    await host.close();
    expect(await accepts(port, '::1')).toBe(false);
  });

  test('may be taken: then the port is', async () => {
    const port = await new Ports().take();
    const listen = `require('node:net').createServer().listen({ port: ${port}, host: '::1' }, () => console.log())`;
    const other = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void other.kill());
    await once(other.stdout, 'data');
    await expect(startTestHost({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringMatching(new RegExp(`^Port ${port} is taken by .*\\(pid ${other.pid}\\)$`)),
    });
  });

  test('may be taken a moment earlier: then a line says so', async () => {
    const clock = new ManualClock();
    const time = { real: clock, platform: new PlatformClock(clock), wall: () => 0 };
    const options = { findApp: () => undefined, time, timeouts: REAL_TIMEOUTS, dynoKeepAlive: true, port: 0 };
    const router = await startRouterOnPort(options, true);
    onTestFinished(() => router.close());
    const other = createServer().listen({ port: router.port, host: '::1' });
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const problems: string[] = [];
    const stop = listenOnIPv6Soon(router, clock, (line) => problems.push(line));
    await clock.advance(300);
    await stop();
    expect(problems).toEqual([
      expect.stringMatching(`listens on \\[::1\\]:${router.port}: .* http://127.0.0.1:${router.port}$`),
    ]);
  });
});

async function accepts(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host });
  const isAccepted = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isAccepted;
}

async function untilAccepted(port: number, host: string): Promise<void> {
  while (!(await accepts(port, host))) await new Promise((resolve) => setImmediate(resolve));
}
