import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { addTestApp, logged, startTestHost } from '../../helpers/start-host.js';
import { call, SLEEPERS, settled, startDemo } from './world.js';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('resources around apps', () => {
  test.each([
    ['/users/~', { email: 'you@example.com' }],
    ['/regions', [{ name: 'us', private_capable: false }]],
    ['/stacks', [{ name: 'heroku-24' }]],
    ['/apps/demo/domains', [{ kind: 'heroku', hostname: 'demo.localhost', status: 'none' }]],
    ['/apps/demo/collaborators', [{ role: 'owner', user: { email: 'you@example.com' } }]],
    ['/apps/demo/addons', []],
    ['/addon-attachments', []],
    ['/apps/demo/buildpack-installations', []],
    ['/apps/demo/webhooks', []],
    ['/apps/demo/sni-endpoints', []],
    ['/pipelines', []],
    ['/teams', []],
  ])('%s', async (path, expected) => {
    const { host } = await startDemo(SLEEPERS);
    expect(await call(host, 'GET', path)).toMatchObject({ status: 200, body: expected });
  });

  test('the status site needs no token', async () => {
    const { host } = await startDemo(SLEEPERS);
    const answer = await call(host, 'GET', '/api/v4/current-status', { headers: { Authorization: '' } });
    expect(answer.body).toMatchObject({
      status: [{ system: 'Apps', status: 'green' }, {}, {}],
      incidents: [],
    });
  });

  test('an app is at the git remote that the CLI looks for, and complete', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'GET', '/apps/demo');
    const git = `${host.apiUrl.replace(/^http:/, 'https:')}/demo.git`;
    expect(body).toMatchObject({ git_url: git, web_url: `${host.url}/`, create_status: 'complete' });
  });
});

describe('a request that is not simulated gets a one-line error', () => {
  test.each([
    ['PATCH', '/apps/demo/domains/www.example.com', 501, /does not simulate certificates/],
    ['POST', '/sources', 501, /does not build the app of a folder: see "dynosim host"/],
    ['GET', '/apps/demo/pipeline-couplings', 404, /does not simulate pipelines/],
    ['GET', '/no/such/thing', 404, /does not simulate GET \/no\/such\/thing/],
  ])('%s %s', async (method, path, status, message) => {
    const { host } = await startDemo(SLEEPERS);
    const body = ['GET', 'DELETE'].includes(method) ? {} : { body: { sni_endpoint: 'tokyo-1' } };
    const answer = await call(host, method, path, body);
    expect(answer).toMatchObject({
      status,
      body: {
        id: status === 404 ? 'not_found' : 'not_simulated',
        message: expect.stringMatching(message),
      },
    });
  });

  test('git push', async () => {
    const { host } = await startDemo(SLEEPERS);
    const answer = await call(host, 'GET', '/demo.git/info/refs?service=git-receive-pack', {
      headers: { Authorization: '' },
    });
    expect(answer.status).toBe(501);
    // Git shows plain text to its user, and nothing else.
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toMatch(/^!\tdynosim start runs the files .*: dynosim host\n$/);
  });
});

describe('features', () => {
  test('runtime-dyno-metadata gives dynos facts about the app from their next start on', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: echo "<$HEROKU_APP_NAME>"; exec sleep 1000' });
    await logged(app, /^<>$/);
    const path = '/apps/demo/features/runtime-dyno-metadata';
    expect((await call(host, 'GET', path)).body).toMatchObject({ enabled: false, state: 'beta' });
    const { body } = await call(host, 'PATCH', path, { body: { enabled: true } });
    expect(body).toMatchObject({ name: 'runtime-dyno-metadata', enabled: true });
    await call(host, 'DELETE', '/apps/demo/dynos');
    await logged(app, /^<demo>$/);
    await call(host, 'PATCH', path, { body: { enabled: false } });
    expect((await call(host, 'GET', '/apps/demo/features')).body).toContainEqual(
      expect.objectContaining({ name: 'runtime-dyno-metadata', enabled: false }),
    );
  });

  test('preboot: the old web dyno serves until the new one listens', async () => {
    const server = `require('http').createServer((q, s) => s.end(String(process.pid))).listen(process.env.PORT)`;
    const { host, app } = await startDemo({
      Procfile: `web: if [ -e slow ]; then until [ -e go ]; do read -t 0.01; done; fi; exec node -e "${server}"`,
    });
    await settled(app);
    const ask = async () => (await fetch(host.url)).text();
    const before = await ask();
    const body = { enabled: true };
    await call(host, 'PATCH', '/apps/demo/features/preboot', { body });
    const touch = (file: string) =>
      call(host, 'POST', '/apps/demo/dynos', { body: { command: `touch ${file}; echo touched ${file}` } });
    await touch('slow');
    await logged(app, /^touched slow$/);
    await call(host, 'DELETE', '/apps/demo/dynos');
    expect(await ask()).toBe(before);
    await touch('go');
    await logged(app, /^Stopping all processes with SIGTERM$/);
    expect(await ask()).not.toBe(before);
  });

  test('preboot: a dyno that sleeps is woken by a restart, as without', async () => {
    const { host, app } = await startDemo({ Procfile: 'worker: exec sleep 1000' });
    await settled(app);
    await call(host, 'PATCH', '/apps/demo/features/preboot', { body: { enabled: true } });
    app.dynos.idle();
    await settled(app);
    await call(host, 'DELETE', '/apps/demo/dynos');
    await settled(app);
    expect(app.dynos.views().map(({ name, state }) => `${name} ${state}`)).toEqual(['worker.1 up']);
  });

  test.each([
    ['GET', '/apps/demo/features/nope', undefined, 404],
    ['GET', '/account/features/preboot', undefined, 404],
    ['PATCH', '/apps/demo/features/preboot', { enabled: 'yes' }, 422],
  ])('%s %s', async (method, path, body, status) => {
    const { host } = await startDemo(SLEEPERS);
    expect((await call(host, method, path, { body })).status).toBe(status);
  });
});

describe('logging in', () => {
  const OPEN = { Authorization: '' };

  async function getCode(host: Parameters<typeof call>[0]): Promise<string> {
    return ((await call(host, 'POST', '/dynosim/login-codes')).body as { code: string }).code;
  }

  test('the code stands for the password, once', async () => {
    const { host } = await startDemo(SLEEPERS);
    const headers = { Authorization: basic('me@x.org', await getCode(host)) };
    const authorize = () => call(host, 'POST', '/oauth/authorizations', { body: {}, headers });
    expect(await authorize()).toMatchObject({
      status: 201,
      body: { access_token: { token: 'secret' }, user: { email: 'you@example.com' } },
    });
    expect((await authorize()).status).toBe(401);
  });

  test.each([
    ['without a code', ''],
    ['with the token as a password', basic('me@x.org', 'secret')],
    ['with a wrong code', basic('me@x.org', 'abcdefghjk')],
    ['with what is no credentials', 'Basic ????'],
  ])('is refused %s', async (_name, Authorization) => {
    const { host } = await startDemo(SLEEPERS);
    await getCode(host);
    const answer = await call(host, 'POST', '/oauth/authorizations', {
      body: {},
      headers: { Authorization },
    });
    expect(answer.status).toBe(401);
  });

  test('a client with the token gets no further authorization', async () => {
    const { host } = await startDemo(SLEEPERS);
    expect(await call(host, 'POST', '/oauth/authorizations', { body: {} })).toMatchObject({
      status: 501,
      body: {
        id: 'not_simulated',
        message: expect.stringMatching(/^dynosim does not simulate account management/),
      },
    });
  });

  test('only a client with the token can create codes', async () => {
    const { host } = await startDemo(SLEEPERS);
    expect((await call(host, 'POST', '/dynosim/login-codes', { headers: OPEN })).status).toBe(401);
  });

  test('by a page in the browser, while the CLI waits', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'POST', '/auth', { body: {}, headers: OPEN });
    const { browser_url: page, cli_url: cli, token } = body as Record<string, string>;
    const waiting = call(host, 'GET', cli ?? '', { headers: { Authorization: `Bearer ${token}` } });
    const shown = await call(host, 'GET', page ?? '', { headers: OPEN });
    expect(shown.body).toMatch(/dynosim info --code/);
    expect(shown.headers['content-security-policy']).toMatch(/default-src 'none'/);
    const type = async (code: string) => {
      const headers = {
        ...OPEN,
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: host.apiUrl,
      };
      return (await call(host, 'POST', page ?? '', { raw: `code=${code}`, headers })).body;
    };
    expect(await type('wrong')).toMatch(/wrong or expired/);
    expect(await type(await getCode(host))).toMatch(/Logged in/);
    expect((await waiting).body).toEqual({ access_token: 'secret' });
    // It was for one client.
    expect((await call(host, 'GET', page ?? '', { headers: OPEN })).status).toBe(404);
  });

  test('no other client gets the token, and no other site can use the page', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'POST', '/auth', { body: {}, headers: OPEN });
    const { browser_url: page, cli_url: cli } = body as Record<string, string>;
    expect((await call(host, 'GET', cli ?? '', { headers: { Authorization: 'Bearer x' } })).status).toBe(401);
    const headers = { ...OPEN, Origin: 'http://evil.example' };
    expect((await call(host, 'POST', page ?? '', { raw: 'code=x', headers })).status).toBe(403);
    expect((await call(host, 'POST', '/auth', { headers })).status).toBe(403);
  });

  test('a client that waits is let go when dynosim ends', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'POST', '/auth', { body: {}, headers: OPEN });
    const { cli_url: cli, token } = body as Record<string, string>;
    const asking = request(new URL(cli ?? '', host.apiUrl), {
      agent: false,
      headers: { Authorization: `Bearer ${token}` },
    }).end();
    const answered = once(asking, 'response');
    await once(asking, 'finish');
    // Answered in order, so the request above is waiting by then.
    await call(host, 'GET', '/account');
    await host.close();
    expect((await answered)[0].statusCode).toBe(503);
  });

  test('authorizations can be listed and given up; the token stays', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'GET', '/oauth/authorizations');
    expect(body).toMatchObject([{ access_token: { token: 'secret' }, scope: ['global'] }]);
    for (const path of ['/oauth/sessions/~', '/oauth/authorizations/1'])
      expect((await call(host, 'DELETE', path)).status).toBe(200);
    expect((await call(host, 'GET', '/oauth/authorizations/~')).status).toBe(200);
  });
});

describe('the output of a release command', () => {
  test('is sent while it runs, and kept; its id is the secret', async () => {
    const host = await startTestHost();
    const app = await addTestApp(
      host,
      'demo',
      { Procfile: 'release: echo one; echo two\nworker: exec sleep 1000' },
      { hasReleasePhase: true },
    );
    await settled(app);
    const [release] = (await call(host, 'GET', '/apps/demo/releases')).body as {
      output_stream_url: string;
    }[];
    const headers = { Authorization: '' };
    expect((await call(host, 'GET', release?.output_stream_url ?? '', { headers })).body).toBe('one\ntwo\n');
    expect((await call(host, 'GET', '/release-output/1', { headers })).status).toBe(404);
  });

  test('follows one that has not ended', async () => {
    const host = await startTestHost();
    const app = await addTestApp(
      host,
      'demo',
      {
        Procfile:
          'release: if [ "$A" ]; then echo one; until [ -e go ]; do read -t 0.01; done; echo two; fi\nworker: exec sleep 1000',
      },
      { hasReleasePhase: true },
    );
    const setting = call(host, 'PATCH', '/apps/demo/config-vars', { body: { A: '1' } });
    await logged(app, /^one$/);
    const latest = { headers: { Range: 'version ..; max=1, order=desc' } };
    const [release] = (await call(host, 'GET', '/apps/demo/releases', latest)).body as {
      output_stream_url: string;
    }[];
    const response = await fetch(release?.output_stream_url ?? '');
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one\n');
    await call(host, 'POST', '/apps/demo/dynos', { body: { command: 'touch go' } });
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('two\n');
    expect(await reader?.read()).toMatchObject({ done: true });
    await setting;
  });

  test('does not exist without a release command', async () => {
    const { host } = await startDemo(SLEEPERS);
    const { body } = await call(host, 'GET', '/apps/demo/releases/1');
    expect(body).toMatchObject({ output_stream_url: null });
  });
});

test('a one-off dyno can be named after a type, and its type is checked', async () => {
  const { host } = await startDemo(SLEEPERS);
  const create = (type: unknown) =>
    call(host, 'POST', '/apps/demo/dynos', { body: { command: 'echo hi', type } });
  expect((await create('console')).body).toMatchObject({
    type: 'console',
    name: expect.stringMatching(/^console\.\d{4}$/),
  });
  expect((await create('../x')).status).toBe(422);
});
