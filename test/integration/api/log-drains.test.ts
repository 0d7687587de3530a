import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import type { Host } from '../../../src/host/host.js';
import { logged } from '../../helpers/start-host.js';
import { freePort, receiveHttp, receiveTcp } from '../logs/drain-world.js';
import { call, SLEEPERS, settled, startDemo } from './world.js';

const DRAINS = '/apps/demo/log-drains';

interface DrainBody {
  readonly id: string;
  readonly token: string;
  readonly url: string;
}

async function add(host: Host, url: unknown) {
  const { status, body } = await call(host, 'POST', DRAINS, { body: { url } });
  return { status, body: body as DrainBody };
}

test('drains are added, listed and removed as the Heroku CLI does it', async () => {
  const { host, app } = await startDemo(SLEEPERS);
  const url = 'https://user:secret@logs.example.com/drain?key=a%2Fb';
  const { status, body } = await add(host, url);
  expect(status).toBe(201);
  expect(body).toEqual({
    addon: null,
    app: { id: app.id, name: 'demo' },
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    token: expect.stringMatching(/^d\.[0-9a-f-]{36}$/),
    updated_at: expect.any(String),
    url,
  });
  for (const name of [body.id, body.token, encodeURIComponent(url)])
    expect(await call(host, 'GET', `${DRAINS}/${name}`)).toMatchObject({ status: 200, body });
  const other = await add(host, 'syslog://logs.example.com:514');
  expect((await call(host, 'GET', DRAINS)).body).toEqual([body, other.body]);
  expect(await call(host, 'DELETE', `${DRAINS}/${encodeURIComponent(url)}`)).toMatchObject({
    status: 200,
    body,
  });
  await call(host, 'DELETE', `${DRAINS}/${other.body.token}`);
  expect((await call(host, 'GET', DRAINS)).body).toEqual([]);
  expect(await call(host, 'DELETE', `${DRAINS}/${body.id}`)).toMatchObject({
    status: 404,
    body: { id: 'not_found', message: "Couldn't find that drain." },
  });
});

test.each([[undefined], [7], [''], ['logs.example.com'], ['ftp://logs.example.com'], ['syslog://']])(
  'a drain to %j is refused',
  async (url) => {
    const { host, app } = await startDemo(SLEEPERS);
    expect(await add(host, url)).toMatchObject({
      status: 422,
      body: { id: 'invalid_params', message: 'Url is invalid.' },
    });
    expect(app.drains.list()).toEqual([]);
  },
);

test('a drain that there is already, and a sixth one, are refused', async () => {
  const { host } = await startDemo(SLEEPERS);
  for (let n = 1; n <= 5; n += 1) await add(host, `syslog://logs${n}.example.com`);
  expect(await add(host, 'syslog://logs1.example.com')).toMatchObject({
    status: 422,
    body: { message: 'Url has already been taken' },
  });
  expect(await add(host, 'syslog://logs6.example.com')).toMatchObject({
    status: 422,
    body: { message: 'You have already added the maximum number of drains allowed' },
  });
});

test('dynos, router, platform and API speak in it, dynosim does not', async () => {
  const { host, app } = await startDemo({
    Procfile:
      "web: node -e \"require('http').createServer((q, r) => r.end('hello')).listen(process.env.PORT)\"\n" +
      'worker: until [ -e go ]; do sleep 0.05; done; echo the worker speaks; exec sleep 1000\n',
  });
  const { port, received } = await receiveTcp();
  const { body } = await add(host, `syslog://127.0.0.1:${port}`);
  app.remark('a remark');
  await (await fetch(host.url)).text();
  await call(host, 'PATCH', '/apps/demo', { body: { maintenance: true } });
  writeFileSync(join(app.dir, 'go'), '');
  await received(/the worker speaks\n/);
  await call(host, 'POST', '/apps/demo/dynos/worker.1/actions/restart');
  const all = await received(/State changed from up to starting\n/);
  const said = all
    .split('\n')
    .map((line) =>
      line.replace(/^\d+ (<\d+>)1 \S+ (\S+) /, (_, pri, host) => `${pri} ${host === body.token} `),
    );
  expect(said).toContainEqual(
    expect.stringMatching(/^<158> true heroku router - - at=info method=GET path="\/" /),
  );
  expect(said).toContain('<134> true app api - - Enable maintenance mode by user you@example.com');
  expect(said).toContain('<190> true app worker.1 - - the worker speaks');
  expect(said).toContain('<134> true heroku worker.1 - - State changed from up to starting');
  expect(all).not.toContain('a remark');
});

test('a drain that was removed gets nothing more', async () => {
  const { host, app } = await startDemo(SLEEPERS);
  const { port, posts, sockets } = await receiveHttp();
  const { body } = await add(host, `http://127.0.0.1:${port}`);
  const log = (line: string) => app.log({ at: Date.now(), source: 'app', dyno: 'web.1', line });
  log('before');
  await call(host, 'DELETE', `${DRAINS}/${body.id}`);
  log('after');
  const received = posts.items.map(({ body: text }) => text).join('');
  expect(received).toMatch(/ - before\n/);
  expect(received).not.toContain('after');
  await expect.poll(() => sockets.size).toBe(0);
});

test('the last words of the dynos reach it', async () => {
  const { host, app } = await startDemo({
    Procfile: 'worker: trap "echo goodbye; exit" TERM; echo ready; while true; do sleep 0.05; done',
  });
  await logged(app, /^ready$/);
  const { port, received } = await receiveTcp();
  await add(host, `syslog://127.0.0.1:${port}`);
  await host.close();
  expect(await received(/goodbye\n/)).toMatch(/ heroku worker\.1 - - Process exited with status \d+\n/);
});

test('messages that a receiver did not accept are reported before dynosim ends', async () => {
  const { host, app } = await startDemo(SLEEPERS);
  const { port, posts } = await receiveHttp({ answer: () => {} });
  const { body } = await add(host, `http://127.0.0.1:${port}`);
  app.log({ at: Date.now(), source: 'app', dyno: 'web.1', line: 'a line' });
  await posts.count(1);
  await host.close();
  expect(
    app.logs
      .recent(1500)
      .some(({ line }) => line.includes(`L10 (output buffer overflow): drain '${body.token}'`)),
  ).toBe(true);
});

test('delivered and lost messages of a burst add up to all of it', async () => {
  const { host, app } = await startDemo({
    Procfile: 'worker: until [ -e go ]; do sleep 0.05; done; seq 1 100000; echo the end; exec sleep 1000',
  });
  await settled(app);
  const { port, posts } = await receiveHttp();
  await add(host, `http://127.0.0.1:${port}`);
  let written = 0;
  app.logs.subscribe(({ dyno }) => {
    if (dyno === 'worker.1') written += 1;
  });
  writeFileSync(join(app.dir, 'go'), '');
  const bodies = (): string => posts.items.map(({ body }) => body).join('');
  while (!/ - the end\n$/.test(bodies())) await posts.count(posts.items.length + 1);
  const numbers = [...bodies().matchAll(/ app worker\.1 - (\d+)$/gm)].map(([, number]) => Number(number));
  const losses = [...bodies().matchAll(/Error L10 .* dropped (\d+) messages/g)].map(([, count]) =>
    Number(count),
  );
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(losses.length).toBeGreaterThan(0);
  expect(written).toBe(100_001);
  expect(numbers.length + 1 + losses.reduce((sum, count) => sum + count)).toBe(written);
});

test('a busy app, its router and its end do not wait for receivers that hang or are not there', async () => {
  const { host, app } = await startDemo({
    Procfile: 'worker: until [ -e go ]; do sleep 0.05; done; seq 1 100000; echo the end; exec sleep 1000',
  });
  const hanging = await receiveHttp({ answer: () => {} });
  const unread = await receiveTcp({ isReading: false });
  await add(host, `http://127.0.0.1:${hanging.port}`);
  await add(host, `syslog://127.0.0.1:${unread.port}`);
  const absent = await add(host, `http://127.0.0.1:${await freePort()}`);
  writeFileSync(join(app.dir, 'go'), '');
  await logged(app, /^the end$/);
  await logged(app, new RegExp(`^Error L10 .* drain '${absent.body.token}' dropped \\d+ messages since `));
  const before = systemClock.now();
  await host.close();
  // The dyno needs a moment, the drains half a second.
  expect(systemClock.now() - before).toBeLessThan(5000);
});
