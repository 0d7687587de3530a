import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.js';
import { ask } from '../../helpers/ask.js';
import { makeFolder } from '../../helpers/folder.js';
import { startKeptHost } from '../../helpers/start-host.js';
import { call, SLEEPERS, startDemo } from './world.js';

/** A host that keeps one app, `demo`, without code. */
async function startDemoHost(state = makeFolder()): Promise<Host> {
  const host = await startKeptHost(state);
  await call(host, 'POST', '/apps', { body: { name: 'demo' } });
  return host;
}

const REGISTRY = 'https://buildpack-registry.s3.amazonaws.com/buildpacks';

describe('domains', () => {
  const add = (host: Host, hostname: string) =>
    call(host, 'POST', '/apps/demo/domains', { body: { hostname, sni_endpoint: null } });

  test('lead to the app until they are removed', async () => {
    const host = await startDemoHost();
    expect(await add(host, 'www.Example.com')).toMatchObject({
      status: 201,
      body: { kind: 'custom', hostname: 'www.example.com', cname: 'demo.localhost', status: 'none' },
    });
    const { body } = await call(host, 'GET', '/apps/demo/domains');
    expect(body).toMatchObject([{ kind: 'heroku', hostname: 'demo.localhost' }, { kind: 'custom' }]);
    expect((await ask(host.port, 'www.example.com')).body).toContain('H81');
    const [, { id }] = body as readonly [unknown, { readonly id: string }];
    expect((await call(host, 'GET', `/apps/demo/domains/${id}`)).body).toMatchObject({ id });
    const removed = await call(host, 'DELETE', '/apps/demo/domains/www.example.com');
    expect(removed).toMatchObject({ status: 200, body: { id } });
    expect((await ask(host.port, 'www.example.com')).status).toBe(404);
  });

  test('with a wildcard get what no other domain gets', async () => {
    const host = await startDemoHost();
    await call(host, 'POST', '/apps', { body: { name: 'other' } });
    expect((await add(host, '*.example.com')).status).toBe(201);
    await call(host, 'POST', '/apps/other/domains', { body: { hostname: 'www.example.com' } });
    const app = (name: string) => host.registry.get(name).app;
    expect(host.kept?.ofDomain('any.example.com')).toBe(app('demo'));
    expect(host.kept?.ofDomain('www.example.com')).toBe(app('other'));
    expect(host.kept?.ofDomain('a.b.example.com')).toBeUndefined();
  });

  test('that are added at once are all kept', async () => {
    const host = await startDemoHost();
    const names = ['a.example.com', 'b.example.com', 'c.example.com'];
    await Promise.all(names.map((name) => add(host, name)));
    expect((await call(host, 'GET', '/apps/demo/domains')).body).toHaveLength(4);
  });

  test.each([
    ['nothing', {}, /hostname must be a string/],
    ['no domain', { hostname: 'nonsense' }, /is not a domain such as www\.example\.com/],
    ['one of dynosim', { hostname: 'x.localhost' }, /is not a domain/],
    ['a certificate', { hostname: 'www.example.com', sni_endpoint: 'tokyo-1' }, /certificates/],
  ])('are refused: %s', async (_what, body, message) => {
    const host = await startDemoHost();
    const answer = await call(host, 'POST', '/apps/demo/domains', { body });
    expect(answer.status).toBeGreaterThan(400);
    expect(answer.body).toMatchObject({ message: expect.stringMatching(message) });
  });

  test('can be updated to have no certificate, which is all that there is', async () => {
    const host = await startDemoHost();
    await add(host, 'www.example.com');
    const update = (hostname: string, body: object) =>
      call(host, 'PATCH', `/apps/demo/domains/${hostname}`, { body });
    expect(await update('www.example.com', { sni_endpoint: null })).toMatchObject({
      status: 200,
      body: { hostname: 'www.example.com', sni_endpoint: null },
    });
    expect(await update('www.example.com', { sni_endpoint: 'tokyo-1' })).toMatchObject({
      status: 501,
      body: { message: expect.stringMatching(/certificates: see "dynosim trust"/) },
    });
    expect(await update('www.example.com', {})).toMatchObject({ status: 422 });
    expect(await update('other.example.com', { sni_endpoint: null })).toMatchObject({ status: 404 });
  });

  test('that lead elsewhere are refused, and unknown ones are not found', async () => {
    const host = await startDemoHost();
    await add(host, 'www.example.com');
    expect(await add(host, 'www.example.com')).toMatchObject({ status: 422 });
    for (const method of ['GET', 'DELETE'])
      expect((await call(host, method, '/apps/demo/domains/other.example.com')).status).toBe(404);
  });
});

describe('buildpacks', () => {
  const put = (host: Host, ...names: readonly unknown[]) =>
    call(host, 'PUT', '/apps/demo/buildpack-installations', {
      body: { updates: names.map((buildpack) => ({ buildpack })) },
      headers: { Range: '' },
    });

  test('are set by name, URN or URL, in order, and cleared', async () => {
    const host = await startDemoHost();
    const pack = `file://${makeFolder({ 'bin/detect': '', 'bin/compile': '' })}`;
    const node = { name: 'heroku/nodejs', url: `${REGISTRY}/heroku/nodejs.tgz` };
    for (const form of ['heroku/nodejs', 'urn:buildpack:heroku/nodejs', node.url]) {
      const answer = await put(host, pack, form);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual([
        { ordinal: 0, buildpack: { name: pack, url: pack } },
        { ordinal: 1, buildpack: node },
      ]);
      expect((await call(host, 'GET', '/apps/demo/buildpack-installations')).body).toEqual(answer.body);
    }
    expect((await put(host)).body).toEqual([]);
  });

  test("files as they are: by dynosim's own word, and by the name that the CLI accepts", async () => {
    const host = await startDemoHost();
    for (const form of ['none', 'dynosim/none', `${REGISTRY}/dynosim/none.tgz`])
      expect((await put(host, form)).body).toEqual([
        { ordinal: 0, buildpack: { name: 'none', url: `${REGISTRY}/dynosim/none.tgz` } },
      ]);
  });

  test.each([
    [
      'of a name that dynosim cannot build',
      `${REGISTRY}/some/thing.tgz`,
      /buildpack some\/thing\. Set one from a folder: file:\/\//,
    ],
    ['of a foreign repository', 'https://github.com/some/thing', /some\/thing\. Set one/],
    ['of a folder that is none', 'file:///nowhere', /bin\/detect is missing/],
    ['of another form', 7, /must be a string/],
  ])('are refused when they are set: %s', async (_what, buildpack, message) => {
    const host = await startDemoHost();
    const { status, body } = await put(host, 'heroku/nodejs', buildpack);
    expect(status).toBeGreaterThan(400);
    expect(body).toMatchObject({ message: expect.stringMatching(message) });
    expect((await call(host, 'GET', '/apps/demo/buildpack-installations')).body).toEqual([]);
  });

  test('are named to the CLI by the registry, which needs no token', async () => {
    const host = await startDemoHost();
    const headers = { Authorization: '' };
    const answer = await call(host, 'GET', '/buildpacks/heroku%2Fnodejs', { headers });
    expect(answer).toMatchObject({ status: 200, body: { blob_url: `${REGISTRY}/heroku/nodejs.tgz` } });
    expect((await call(host, 'GET', '/buildpacks/nodejs', { headers })).status).toBe(404);
  });
});

describe("the app of a folder says what takes a host's", () => {
  test.each([
    ['POST', '/apps', { name: 'other' }],
    ['PATCH', '/apps/demo', { name: 'other' }],
    ['DELETE', '/apps/demo', undefined],
    ['POST', '/apps/demo/domains', { hostname: 'www.example.com' }],
    ['PUT', '/apps/demo/buildpack-installations', { updates: [] }],
  ])('%s %s', async (method, path, body) => {
    const { host } = await startDemo(SLEEPERS);
    const answer = await call(host, method, path, { body });
    expect(answer).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(/: dynosim (host|stop)$/), dynosim: { code: 'ONE_APP' } },
    });
    expect((await call(host, 'GET', '/apps')).body).toMatchObject([{ name: 'demo' }]);
  });
});
