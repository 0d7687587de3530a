import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.js';
import { makeFolder } from '../../helpers/folder.js';
import { startKeptHost, startTestHost } from '../../helpers/start-host.js';
import { call, SLEEPERS, startDemo } from './world.js';

/** A page of the dashboard, after it has used its code. */
async function enter(host: Host) {
  const code = await makeCode(host);
  const { token } = (await send(host, code)).body as { token: string };
  return { code, token, headers: { Authorization: `Bearer ${token}` } };
}

async function makeCode(host: Host): Promise<string> {
  const { body } = await call(host, 'POST', '/dynosim/dashboard-codes');
  return (body as { code: string }).code;
}

function send(host: Host, code: string) {
  return call(host, 'POST', '/dashboard/session', { body: { code }, headers: { Authorization: '' } });
}

test('a code is exchanged for a token that can do what the page needs', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { headers } = await enter(host);
  expect(await call(host, 'GET', '/dynosim/apps/demo/formation', { headers })).toMatchObject({ status: 200 });
  const body = { changes: [{ type: 'worker', quantity: { to: 2 } }] };
  expect(await call(host, 'POST', '/dynosim/apps/demo/scale', { headers, body })).toMatchObject({
    status: 200,
  });
});

test('it can do nothing else', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { headers } = await enter(host);
  for (const asked of [
    'POST /dynosim/apps/demo/run-attached',
    'POST /dynosim/apps/demo/run-detached',
    'POST /dynosim/apps/demo/set-config',
    'POST /dynosim/apps/demo/deploy',
    'POST /dynosim/dashboard-codes',
    'POST /dynosim/login-codes',
    'POST /dynosim/stop',
    'POST /dynosim/apps',
    'DELETE /dynosim/apps/demo',
    'POST /apps/demo/dynos',
    'PATCH /apps/demo/config-vars',
    'GET /oauth/authorizations',
    'GET /account',
  ]) {
    const [method = '', path = ''] = asked.split(' ');
    expect((await call(host, method, path, { headers })).status, asked).toBe(403);
  }
});

test('it attaches to no dyno', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { headers } = await enter(host);
  const upgrade = { ...headers, Connection: 'Upgrade', Upgrade: 'dynosim-attach' };
  for (const path of ['/dynosim/apps/demo/attach?dyno=web.1', '/dynosim/apps/demo/exec', '/dynosim/attach/x'])
    expect(await call(host, 'GET', path, { headers: upgrade })).toMatchObject({
      status: 403,
      body: { message: 'The dashboard may not do this.' },
    });
});

test('the token is no password for git', async () => {
  const host = await startKeptHost(makeFolder());
  const { token } = await enter(host);
  const headers = { Authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` };
  const { status } = await call(host, 'GET', '/demo.git/info/refs?service=git-receive-pack', { headers });
  expect(status).toBe(401);
});

test('a code of the dashboard logs nobody in to Heroku’s CLI, nor the other way round', async () => {
  const host = await startTestHost();
  const login = (code: string) => ({
    headers: { Authorization: `Basic ${Buffer.from(`me:${code}`).toString('base64')}` },
  });
  const code = await makeCode(host);
  expect((await call(host, 'POST', '/oauth/authorizations', login(code))).status).toBe(401);
  const { body } = await call(host, 'POST', '/dynosim/login-codes');
  expect((await send(host, (body as { code: string }).code)).status).toBe(401);
});

test('a code that is used again is refused, and ends the session and its streams', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { code, headers } = await enter(host);
  const response = await fetch(`${host.apiUrl}/dynosim/events`, { headers });
  expect(await send(host, code)).toMatchObject({
    status: 401,
    body: {
      message: 'This code was used before. To be safe, the session that it began has ended.',
      hint: 'Run "dynosim dashboard" again.',
    },
  });
  expect(await response.text()).toContain('event: current');
  expect((await call(host, 'GET', '/dynosim/events', { headers })).status).toBe(401);
});

test('a page that logs out is out', async () => {
  const { host } = await startDemo(SLEEPERS);
  const { headers } = await enter(host);
  expect((await call(host, 'DELETE', '/dashboard/session', { headers })).status).toBe(200);
  expect((await call(host, 'GET', '/dynosim/host', { headers })).status).toBe(401);
});

test('it proves to a page that comes back that it is the same dynosim', async () => {
  const host = await startTestHost();
  const { token } = await enter(host);
  const [id] = token.split('.');
  const prove = (query: string) =>
    call(host, 'GET', `/dashboard/session/${id}/proof${query}`, { headers: { Authorization: '' } });
  const key = createHash('sha256').update(token).digest();
  const place = new URL(host.apiUrl).host;
  expect(await prove('?nonce=once')).toMatchObject({
    status: 200,
    body: { proof: createHmac('sha256', key).update(`${place}\nonce`).digest('base64url') },
  });
  expect((await prove('')).status).toBe(400);
  const other = await call(host, 'GET', '/dashboard/session/other/proof?nonce=once');
  expect(other).toMatchObject({ status: 404, body: { hint: 'Run "dynosim dashboard" again.' } });
});

test('a request for a session without a code is refused', async () => {
  const host = await startTestHost();
  for (const body of [{}, { code: 1 }, [], 'x', null, undefined])
    expect((await call(host, 'POST', '/dashboard/session', { body })).status).toBe(422);
});

test('the page has one origin: localhost, which may be [::1] and somebody else, leads to it', async () => {
  const host = await startTestHost();
  const { port } = new URL(host.apiUrl);
  const headers = { Host: `localhost:${port}` };
  for (const path of ['/dashboard', '/dashboard/'])
    expect(await call(host, 'GET', path, { headers })).toMatchObject({
      status: 302,
      headers: { location: `http://127.0.0.1:${port}/dashboard/` },
    });
});

test('the page can only be read, by anybody', async () => {
  const host = await startTestHost();
  const headers = { Authorization: '' };
  const redirect = await call(host, 'GET', '/dashboard', { headers });
  expect(redirect).toMatchObject({ status: 302, headers: { location: `${host.apiUrl}/dashboard/` } });
  expect(await call(host, 'HEAD', '/dashboard', { headers })).toMatchObject({ status: 302, body: '' });
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    expect(await call(host, method, '/dashboard/', { headers })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  expect((await call(host, 'GET', '/dashboard/other', { headers })).status).toBe(404);
});

test.each([
  ['another site’s script', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ['a script of the app on another port', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }],
  [
    'another site’s link',
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
  ],
  ['a foreign name', { Host: 'evil.example' }],
  ['a foreign origin', { Origin: 'http://localhost:5006' }],
])('%s gets nothing of the API, whatever its token', async (name, headers) => {
  const host = await startTestHost();
  const code = await makeCode(host);
  for (const [method, path, body] of [
    ['GET', '/dynosim/host', undefined],
    ['POST', '/dashboard/session', { code }],
    ['GET', '/dashboard/session/x/proof?nonce=x', undefined],
    ['GET', '/dashboard/app.js', undefined],
  ] as const)
    expect((await call(host, method, path, { headers, body })).status, path).toBe(403);
  // Anybody may link to the page.
  const { status } = await call(host, 'GET', '/dashboard', { headers });
  expect(status).toBe(name.endsWith('link') ? 302 : 403);
});

test('no response sets a cookie', async () => {
  const host = await startTestHost();
  const code = await makeCode(host);
  for (const [method, path] of [
    ['GET', '/dashboard'],
    ['GET', '/dashboard/'],
    ['POST', '/dashboard/session'],
  ] as const) {
    const answer = await call(host, method, path, method === 'POST' ? { body: { code } } : {});
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
});

test('a host without a dashboard has none of its routes', async () => {
  // As `dynosim test` and the library start it.
  const host = await startTestHost({ hasDashboard: false });
  expect((await call(host, 'GET', '/dashboard/')).status).toBe(404);
  expect((await call(host, 'POST', '/dynosim/dashboard-codes')).status).toBe(501);
});
