import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { call, SLEEPERS, startDemo } from './world.js';

describe('access is refused', () => {
  test.each([
    ['without a token', { Authorization: '' }, 401],
    ['with a wrong token', { Authorization: 'Bearer wrong' }, 401],
    ['with the token and more', { Authorization: 'Bearer secret ' + 'x' }, 401],
    ['with the token in another scheme', { Authorization: 'Basic secret' }, 401],
    ['by a name that was rebound to 127.0.0.1', { Host: 'evil.example' }, 403],
    ['by another port', { Host: '127.0.0.1:1' }, 403],
    ['from a web page', { Origin: 'http://evil.example' }, 403],
    ['from a web page without an origin of its own', { Origin: 'null' }, 403],
    ['from a local web page', { Origin: 'http://localhost:5006' }, 403],
  ])('%s', async (_name, headers, status) => {
    const { host, app } = await startDemo(SLEEPERS);
    const answer = await call(host, 'POST', '/apps/demo/dynos/web.1/actions/stop', { headers });
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ id: expect.any(String), message: expect.any(String) });
    expect(app.supervisor.dynos('web')[0]?.run?.state?.status).not.toBe('stopping');
  });

  test('a foreign host is refused before the token is looked at', async () => {
    const { host } = await startDemo(SLEEPERS);
    const headers = { Host: 'evil.example', Authorization: 'Bearer wrong' };
    expect((await call(host, 'GET', '/apps', { headers })).status).toBe(403);
  });

  test('without the token, the API does not reveal which routes exist', async () => {
    const { host } = await startDemo(SLEEPERS);
    const headers = { Authorization: 'Bearer wrong' };
    expect((await call(host, 'GET', '/no/such/route', { headers })).status).toBe(401);
  });

  test('it listens on 127.0.0.1 only', async () => {
    const { host } = await startDemo(SLEEPERS);
    const socket = connect(Number(new URL(host.apiUrl).port), '::1');
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test.each(['//', 'http://[', 'http://:', '/%', '/apps/%ff', '*'])(
  'the target %s ends nobody',
  async (path) => {
    const { host } = await startDemo(SLEEPERS);
    const { hostname, port } = new URL(host.apiUrl);
    for (const headers of [{}, { Authorization: 'Bearer secret' }]) {
      const asking = request({ hostname, port, path, headers, agent: false }).end();
      const [response] = await once(asking, 'response');
      expect(response.resume().statusCode).toBeGreaterThanOrEqual(400);
    }
    expect((await call(host, 'GET', '/account')).status).toBe(200);
  },
);

test('JSON is accepted with any content type', async () => {
  const { host } = await startDemo(SLEEPERS);
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const raw = '{"updates":[{"type":"worker","quantity":2}]}';
  expect((await call(host, 'PATCH', '/apps/demo/formation', { raw, headers })).status).toBe(200);
});

describe('bad requests are answered, and change nothing', () => {
  test.each([
    ['a body that is no JSON', '{"updates":', 400],
    ['a body that is no object', '[1]', 400],
    ['a body of 2 MB', `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}`, 413],
    ['updates that are no list', '{"updates":{}}', 422],
    ['an update without a type', '{"updates":[{"quantity":1}]}', 422],
    ['a quantity that is none', '{"updates":[{"type":"web","quantity":"many"}]}', 422],
    ['a quantity of a million', '{"updates":[{"type":"web","quantity":1000000}]}', 422],
    ['a negative quantity', '{"updates":[{"type":"web","quantity":"-5"}]}', 422],
    ['a size that there is not', '{"updates":[{"type":"web","size":"huge"}]}', 422],
    [
      'a type that there is not',
      '{"updates":[{"type":"web","quantity":2},{"type":"nope","quantity":2}]}',
      404,
    ],
  ])('%s', async (_name, raw, status) => {
    const { host, app } = await startDemo(SLEEPERS);
    const before = app.dynos.formation;
    const answer = await call(host, 'PATCH', '/apps/demo/formation', { raw });
    expect(answer).toMatchObject({ status, body: { id: expect.any(String), message: expect.any(String) } });
    expect(app.dynos.formation).toBe(before);
  });

  test.each([
    '/apps/other',
    '/apps/demo/dynos/web.9',
    '/apps/demo/nothing',
    '/apps/demo/releases/v99',
    '/apps/%E0%A4%A',
  ])('GET %s', async (path) => {
    const { host } = await startDemo(SLEEPERS);
    const { status, body } = await call(host, 'GET', path);
    expect(status).toBe(path.includes('%') ? 400 : 404);
    expect(body).toMatchObject({ message: expect.any(String) });
  });
});

test('survives clients that break off after a refused upgrade', async () => {
  const { host } = await startDemo(SLEEPERS);
  const port = Number(new URL(host.apiUrl).port);
  const request = `GET /dynosim/attach/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`;
  for (let n = 0; n < 20; n += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    // Written, and reset before the answer can have been read.
    socket.write(request, () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  expect((await call(host, 'GET', '/apps')).status).toBe(200);
});

test('clients that leave in the middle of a body are no reason to fall over', async () => {
  const { host } = await startDemo(SLEEPERS);
  const port = Number(new URL(host.apiUrl).port);
  for (const [path, token] of [
    ['/apps/demo/dynos', 'secret'],
    ['/dynosim/apps/demo/scale', 'secret'],
    ['/oauth/authorizations', ''],
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9\r\n\r\n{`,
    );
    // The API has read it once it answers a later request.
    await call(host, 'GET', '/apps');
    socket.destroy();
    await once(socket, 'close');
  }
  expect((await call(host, 'GET', '/apps')).status).toBe(200);
});
