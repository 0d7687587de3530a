import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Sources } from '../../../src/host/deploys/sources.js';
import type { Host } from '../../../src/host/host.js';
import { ask } from '../../helpers/ask.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';
import { startKeptHost } from '../../helpers/start-host.js';
import { Clone } from '../git/world.js';
import { type Answer, call } from './world.js';

const WEB = `require('node:http').createServer((q, s) => s.end('hello')).listen(process.env.PORT);`;
const FILES = { 'web.js': WEB, Procfile: 'web: exec node web.js\nrelease: echo "migrating $GREETING"\n' };

interface Build {
  readonly id: string;
  readonly status: string;
  readonly output_stream_url: string;
  readonly release: { readonly id: string } | null;
  readonly slug: { readonly id: string } | null;
}

/** A host with an app `demo`, whose files are deployed as they are. */
async function startDemoHost(state = makeFolder(), env: NodeJS.ProcessEnv = {}): Promise<Host> {
  const host = await startKeptHost(state, { env });
  await call(host, 'POST', '/apps', { body: { name: 'demo' } });
  const updates = [{ buildpack: 'none' }];
  await call(host, 'PUT', '/apps/demo/buildpack-installations', { body: { updates } });
  return host;
}

function pack(files: Readonly<Record<string, string>> = FILES): Buffer {
  return execFileSync('tar', ['-cz', '.'], { cwd: makeFolder(files) });
}

/** Uploads an archive as the CLI's plugin does. @returns its URL */
async function upload(host: Host, archive: Buffer): Promise<string> {
  const { body } = await call(host, 'POST', '/sources');
  const { put_url: put, get_url: get } = (body as { source_blob: Record<string, string> }).source_blob;
  expect((await putRaw(put ?? '', archive)).status).toBe(200);
  return get ?? '';
}

function putRaw(url: string, archive: Buffer, headers = {}): Promise<Pick<Answer, 'status' | 'body'>> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'PUT', agent: false, headers }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode ?? 0, body: text });
    });
    asking.once('error', reject);
    asking.end(archive);
  });
}

function create(host: Host, source: object, more = {}): Promise<Answer> {
  return call(host, 'POST', '/apps/demo/builds', { body: { source_blob: source, ...more } });
}

/** Reads what a build prints, to its end, without a token. */
async function outputOf(host: Host, { output_stream_url: url }: Build): Promise<string> {
  const answer = await call(host, 'GET', url, { headers: { Authorization: '' } });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  return String(answer.body);
}

/** Builds and releases an archive of the files. */
async function deploy(host: Host, version = ''): Promise<Build> {
  const { body } = await create(host, { url: await upload(host, pack()), version });
  const said = await outputOf(host, body as Build);
  const build = await find(host, body as Build);
  expect(build.status, said).toBe('succeeded');
  return build;
}

const find = async (host: Host, { id }: Build) =>
  (await call(host, 'GET', `/apps/demo/builds/${id}`)).body as Build;

describe('an archive that was uploaded', () => {
  test('is built and released', async () => {
    const host = await startDemoHost();
    const url = await upload(host, pack());
    const { status, body } = await create(host, { url, version: 'v1.3.0' });
    const build = body as Build;
    expect(status).toBe(201);
    expect(build).toMatchObject({ status: 'pending', source_blob: { version: 'v1.3.0' }, release: null });
    const said = await outputOf(host, build);
    expect(said).toMatch(/^Updated 2 paths from v1\.3\.0\n/);
    expect(said).toMatch(/migrating \nWaiting for release\.\.\.\. done\.\n$/);
    const ended = await find(host, build);
    expect(ended).toMatchObject({ status: 'succeeded', buildpacks: [{ name: 'none' }], stack: 'heroku-24' });
    const releases = (await call(host, 'GET', '/apps/demo/releases')).body as readonly object[];
    expect(releases.at(-1)).toMatchObject({
      id: ended.release?.id,
      description: 'Deploy v1.3.0',
      slug: ended.slug,
      eligible_for_rollback: true,
    });
    expect(await ask(host.port, 'demo.localhost')).toEqual({ status: 200, body: 'hello' });
  });

  test('can be downloaded until an hour has passed, and built by several apps', async () => {
    const folder = makeFolder();
    const clock = new ManualClock();
    const sources = new Sources({ folder, clock });
    const id = sources.create();
    await expect(sources.read(id)).rejects.toMatchObject({ message: 'No archive was uploaded there yet' });
    const archive = pack();
    await sources.write(id, Readable.from([archive]));
    expect(await buffer(await sources.read(id))).toEqual(archive);
    await clock.advance(60 * 60_000);
    await expect(sources.read(id)).rejects.toMatchObject({ code: 'NO_SUCH_SOURCE' });
    await expect.poll(() => readdirSync(folder)).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('is refused if it is too large, and nothing of it is left', async () => {
    const folder = makeFolder();
    const sources = new Sources({ folder, clock: new ManualClock(), maxBytes: 1000 });
    const chunks = Readable.from(Array.from({ length: 1000 }, () => Buffer.alloc(100)));
    await expect(sources.write(sources.create(), chunks)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
    });
    expect(readdirSync(folder)).toEqual([]);
    await sources.close();
  });

  test('is taken at its own place only', async () => {
    const host = await startDemoHost();
    const answer = await putRaw(`${host.apiUrl}/sources/other`, pack());
    expect(answer).toMatchObject({
      status: 404,
      body: expect.stringContaining("Couldn't find that source."),
    });
  });

  test('is forgotten if its client leaves in the middle', async () => {
    const state = makeFolder();
    const host = await startDemoHost(state);
    const { body } = await call(host, 'POST', '/apps/demo/sources');
    const { put_url: url = '' } = (body as { source_blob: Record<string, string> }).source_blob;
    const asking = request(url, { method: 'PUT', agent: false, headers: { 'Content-Length': 1000 } });
    asking.on('error', () => {});
    asking.write('half of it');
    await expect
      .poll(() => existsSync(join(state, 'sources')) && readdirSync(join(state, 'sources')))
      .toHaveLength(1);
    asking.destroy();
    await expect.poll(() => readdirSync(join(state, 'sources'))).toEqual([]);
    expect(await create(host, { url })).toMatchObject({
      status: 404,
      body: { message: 'No archive was uploaded there yet' },
    });
  });
});

describe('an archive on the web', () => {
  async function serve(archive: Buffer): Promise<string> {
    const server = createServer(({ url }, response) => {
      if (url === '/app.tgz?token=x') response.end(archive);
      else response.writeHead(404).end('no');
    });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.tgz`;
  }

  test('is built by its URL and checksum', async () => {
    const state = makeFolder();
    const host = await startDemoHost(state);
    const archive = pack();
    const url = `${await serve(archive)}?token=x`;
    const checksum = `SHA256:${createHash('sha256').update(archive).digest('hex')}`;
    const { body } = await create(host, { url, checksum, version: null });
    expect(await outputOf(host, body as Build)).toMatch(/^Updated 2 paths\n/);
    expect((await find(host, body as Build)).status).toBe('succeeded');
    const other = await create(host, { url, checksum: `SHA256:${'0'.repeat(64)}` });
    expect(await outputOf(host, other.body as Build)).toContain(
      ` !     dynosim: The archive has the checksum ${checksum}, not SHA256:0000`,
    );
    expect(await find(host, other.body as Build)).toMatchObject({ status: 'failed', release: null });
    await expect.poll(() => readdirSync(join(state, 'sources'))).toEqual([]);
  });

  test('that is not there makes the build fail, and its password is not shown', async () => {
    const host = await startDemoHost();
    const url = await serve(pack());
    const { body } = await create(host, { url: `${url}?token=secret` });
    const said = await outputOf(host, body as Build);
    expect(said).toContain(` !     dynosim: ${url} cannot be downloaded: the answer is 404 Not Found\n`);
    expect(said).not.toContain('secret');
    const gone = await create(host, { url: 'http://127.0.0.1:1/a.tgz' });
    expect(await outputOf(host, gone.body as Build)).toMatch(
      /127\.0\.0\.1:1\/a\.tgz cannot be downloaded: .+/,
    );
  });
});

describe('builds', () => {
  test('with buildpacks of their own leave those of the app as they are', async () => {
    const host = await startDemoHost();
    await call(host, 'PUT', '/apps/demo/buildpack-installations', { body: { updates: [] } });
    const url = await upload(host, pack());
    const { body } = await create(host, { url }, { buildpacks: [{ url: 'dynosim/none' }] });
    await outputOf(host, body as Build);
    expect(await find(host, body as Build)).toMatchObject({ status: 'succeeded' });
    expect((await call(host, 'GET', '/apps/demo/buildpack-installations')).body).toEqual([]);
  });

  test('are listed, the newest first if asked so', async () => {
    const host = await startDemoHost();
    const url = await upload(host, pack());
    const ids: string[] = [];
    for (const version of ['1', '2', '3']) {
      const { body } = await create(host, { url, version });
      ids.push((body as Build).id);
      await outputOf(host, body as Build);
    }
    const list = async (Range: string) => call(host, 'GET', '/apps/demo/builds', { headers: { Range } });
    const first = await list('created_at ..; max=2, order=desc');
    expect((first.body as readonly Build[]).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const rest = await list(String(first.headers['next-range']));
    expect((rest.body as readonly Build[]).map(({ id }) => id)).toEqual([ids[0]]);
  });

  test('that run can be cancelled; then the cache is purged', async () => {
    const state = makeFolder();
    const host = await startDemoHost(state);
    const sleepy = makeFolder({
      'bin/detect': '#!/bin/sh\necho Sleepy',
      'bin/compile': '#!/bin/sh\necho "in $2" > "$2/used"; echo compiling; exec sleep 1000',
    });
    const url = await upload(host, pack());
    const { body } = await create(host, { url }, { buildpacks: [{ url: `file://${sleepy}` }] });
    const build = body as Build;
    const reader = (await fetch(build.output_stream_url)).body?.getReader();
    for (let said = ''; !said.includes('compiling'); ) {
      said += Buffer.from((await reader?.read())?.value ?? []).toString();
    }
    const used = () =>
      readdirSync(join(state, 'cache'), { recursive: true }).filter((name) => /used$/.test(String(name)));
    expect(used()).toHaveLength(1);
    // In turn: once the build has ended.
    expect((await call(host, 'DELETE', '/apps/demo/build-cache')).status).toBe(202);
    expect(used()).toHaveLength(1);
    const headers = { Accept: 'application/vnd.heroku+json; version=3.cancel-build' };
    const cancel = () => call(host, 'DELETE', `/apps/demo/builds/${build.id}`, { headers });
    expect((await cancel()).status).toBe(202);
    expect(await outputOf(host, build)).toContain(' !     dynosim: The build was cancelled.\n');
    expect((await find(host, build)).status).toBe('failed');
    expect((await cancel()).status).toBe(422);
    await expect.poll(used).toEqual([]);
  });

  test('that wait when the host stops have failed', async () => {
    const state = makeFolder();
    const host = await startDemoHost(state);
    const sleepy = makeFolder({ 'bin/detect': '', 'bin/compile': '#!/bin/sh\nexec sleep 1000' });
    const url = await upload(host, pack());
    const own = { buildpacks: [{ url: `file://${sleepy}` }] };
    await create(host, { url }, own);
    const { body } = await create(host, { url }, own);
    const control = await host.control.app('demo');
    await host.close();
    const waited = (await control.builds()).find(({ id }) => id === (body as Build).id);
    expect(waited?.status).toBe('failed');
    let said = '';
    for await (const text of control.buildOutput(waited?.id ?? '', new AbortController().signal))
      said += text;
    expect(said).toMatch(
      /^Another build of demo is running, waiting\.\.\.\n\n ! {5}dynosim: The host is stopping/,
    );
  });

  test.each([
    ['no source', {}, /source_blob must be an object/],
    ['no URL', { source_blob: {} }, /url must be a string/],
    ['another protocol', { source_blob: { url: 'file:///etc/passwd' } }, /must begin with http/],
    ['a version of two lines', { source_blob: { url: 'http://x', version: 'a\nb' } }, /must be a line/],
    [
      'an unknown buildpack',
      { source_blob: { url: 'http://x' }, buildpacks: [{ url: 'some/thing' }] },
      /cannot build with the buildpack some\/thing/,
    ],
    [
      'half the name of a buildpack',
      { source_blob: { url: 'http://x' }, buildpacks: [{ url: 'ruby' }] },
      /cannot build with the buildpack ruby\. Did you mean heroku\/ruby\?$/,
    ],
  ])('are refused with %s', async (_what, body, message) => {
    const host = await startDemoHost();
    const answer = await call(host, 'POST', '/apps/demo/builds', { body });
    expect(answer.status).toBeGreaterThan(400);
    expect(answer.body).toMatchObject({ message: expect.stringMatching(message) });
    expect((await call(host, 'GET', '/apps/demo/builds')).body).toEqual([]);
  });

  test('are found by their own ID only', async () => {
    const host = await startDemoHost();
    for (const path of ['/apps/demo/builds/other', '/build-output/other'])
      expect((await call(host, 'GET', path)).status).toBe(404);
  });
});

describe('what was built', () => {
  test('is a slug, and a fact of the app', async () => {
    const host = await startDemoHost();
    expect((await call(host, 'GET', '/apps/demo')).body).toMatchObject({ slug_size: null, repo_size: 0 });
    expect((await call(host, 'GET', '/apps/demo/releases')).body).toMatchObject([
      { slug: null, eligible_for_rollback: false },
      { slug: null, eligible_for_rollback: false },
    ]);
    const commit = '60883d9e8947a57e04dc9124f25df004866a2051';
    const { slug } = await deploy(host, commit);
    const found = await call(host, 'GET', `/apps/demo/slugs/${slug?.id}`);
    const size = Object.values(FILES).join('').length;
    expect(found.body).toMatchObject({
      id: slug?.id,
      commit,
      size,
      process_types: { web: 'exec node web.js', release: 'echo "migrating $GREETING"' },
    });
    expect((await call(host, 'GET', '/apps/demo')).body).toMatchObject({ slug_size: size });
    expect((await call(host, 'GET', '/apps/demo/slugs/other')).status).toBe(404);
  });

  test('is released again: as releases:retry of the CLI does it', async () => {
    const host = await startDemoHost();
    const { slug } = await deploy(host);
    const formation = async () => (await call(host, 'GET', '/apps/demo/formation')).body;
    expect(await formation()).toMatchObject([
      { type: 'release', quantity: 0, command: 'echo "migrating $GREETING"' },
      { type: 'web', quantity: 1 },
    ]);
    const retried = await call(host, 'POST', '/apps/demo/releases', {
      body: { slug: slug?.id, description: 'Retry of v3: Deploy' },
    });
    expect(retried).toMatchObject({
      status: 201,
      body: { version: 4, description: 'Retry of v3: Deploy', slug },
    });
    const { output_stream_url: output } = retried.body as { output_stream_url: string };
    expect((await call(host, 'GET', output, { headers: { Authorization: '' } })).body).toBe('migrating \n');
    const wrong = await call(host, 'POST', '/apps/demo/releases', { body: { slug: 'other' } });
    expect(wrong.status).toBe(404);
  });

  test('leaves the type release as it is when all types are resized, or scaled to what they are', async () => {
    const host = await startDemoHost();
    await deploy(host);
    const scale = (updates: readonly object[]) =>
      call(host, 'PATCH', '/apps/demo/formation', { body: { updates } });
    const resized = await scale([
      { type: 'release', size: 'basic' },
      { type: 'web', size: 'basic' },
    ]);
    expect(resized).toMatchObject({
      status: 200,
      body: [{ type: 'release' }, { type: 'web', size: 'Basic' }],
    });
    expect((await scale([{ type: 'release', quantity: '0' }])).status).toBe(200);
    expect((await scale([{ type: 'release', quantity: '1' }])).body).toMatchObject({
      message: expect.stringContaining('release is never scaled'),
    });
  });
});

test('the size of the repository is that of what was pushed', async () => {
  const host = await startDemoHost();
  const clone = await Clone.create({ ...FILES, noise: Array.from({ length: 4000 }, Math.random).join() });
  await clone.run('push', `http://me:secret@${new URL(host.apiUrl).host}/demo.git`, 'main');
  const { body } = await call(host, 'GET', '/apps/demo');
  expect((body as { repo_size: number }).repo_size).toBeGreaterThan(10_000);
});
