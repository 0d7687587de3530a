import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findProgram } from '../../../src/base/find-program.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';
import { Clone, startGit } from './world.js';

const RECEIVE = '/demo.git/git-receive-pack';
const UPLOAD = '/demo.git/git-upload-pack';
const NONE = '0'.repeat(40);

function packet(text: string): string {
  return (text.length + 4).toString(16).padStart(4, '0') + text;
}

/** What git sends first of a push. */
const HEAD = `${packet(`${NONE} ${'a'.repeat(40)} refs/heads/main\0 report-status side-band-64k\n`)}0000`;

test('a probe is answered with nothing', async () => {
  const { ask, authorization } = await startGit();
  const answer = await ask('POST', RECEIVE, { authorization }, '0000');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-git-receive-pack-result');
  expect(answer.headers.get('cache-control')).toMatch(/^no-cache/);
  expect(await answer.text()).toBe('');
});

test('a zipped body is unzipped', async () => {
  const { ask, authorization } = await startGit();
  const headers = { authorization, 'content-encoding': 'gzip' };
  expect((await ask('POST', RECEIVE, headers, gzipSync('0000'))).status).toBe(200);
  const broken = await ask('POST', RECEIVE, headers, 'no gzip');
  expect(broken.status).toBe(500);
  expect(await broken.text()).toMatch(/^!\tdynosim: git failed: fatal: .*hung up unexpectedly/);
});

test.each(['', 'zzzz', '0001', 'ffff', HEAD, `${HEAD}PACK`, `${HEAD}${'\0'.repeat(100_000)}`])(
  'a push that is none is refused, and changes nothing',
  async (body) => {
    const { ask, authorization, host, bugs, gitsGone } = await startGit();
    for (const path of [RECEIVE, UPLOAD]) {
      const answer = await ask('POST', path, { authorization }, body);
      expect(await answer.text()).not.toContain('unpack ok');
    }
    await gitsGone();
    expect(bugs).toEqual([]);
    expect(host.pushes).toEqual([]);
    expect(await host.repositories.get('demo')?.refs()).toEqual(new Map());
  },
);

test('a push that is cut short leaves nothing behind', async () => {
  const { port, authorization, host, gitsGone } = await startGit();
  const socket = connect(port, '127.0.0.1');
  const body = `${HEAD}PACK\0\0\0\x02\0\0\0\x05`;
  socket.write(
    `POST ${RECEIVE} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
  );
  await new Promise((resolve) => socket.write(body, resolve));
  socket.destroy();
  await once(socket, 'close');
  await gitsGone();
  expect(await host.repositories.get('demo')?.refs()).toEqual(new Map());
});

test.each([
  ['push', RECEIVE, (commit: string) => `${NONE} ${commit} refs/heads/${'b'.repeat(1000)}\n`],
  ['fetch', UPLOAD, (commit: string) => `want ${commit}\n`],
])('a %s without end is cut off', async (_name, path, line) => {
  const { ask, authorization, gitsGone, url } = await startGit();
  const clone = await Clone.create();
  await clone.run('push', url(), 'main');
  const chunk = Buffer.from(packet(line(await clone.revision('main'))).repeat(1000));
  let isAnswered = false;
  const body = new ReadableStream({
    pull: (controller) => (isAnswered ? controller.close() : controller.enqueue(chunk)),
  });
  const answer = await ask('POST', path, { authorization }, body);
  isAnswered = true;
  expect(answer.status).toBe(500);
  await answer.text();
  await gitsGone();
});

test('a client that goes on sending after its answer is disconnected', async () => {
  const clock = new ManualClock();
  const { port, authorization } = await startGit({ clock });
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(
    `POST /nope.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n` +
      'Transfer-Encoding: chunked\r\n\r\n4\r\n0000\r\n',
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 404 /);
  await clock.advance(9000);
  expect(socket.destroyed).toBe(false);
  await clock.advance(1000);
  await closed;
  expect(clock.pending).toBe(0);
});

test('a pack of some megabytes is pushed, and one that is too large is refused', async () => {
  const world = await startGit({ packBytes: 6 * 1024 * 1024 });
  const clone = await Clone.create({ 'large.bin': randomBytes(4 * 1024 * 1024) });
  expect((await clone.run('push', world.url(), 'main')).status).toBe(0);
  writeFileSync(join(clone.dir, 'larger.bin'), randomBytes(10 * 1024 * 1024));
  await clone.commit('larger');
  const { status, stderr } = await clone.run('push', world.url(), 'main');
  expect(stderr).toContain('pack exceeds maximum allowed size');
  expect(status).toBe(1);
  expect(world.host.pushes).toHaveLength(1);
  await world.gitsGone();
});

test('a client that reads nothing keeps its push from ending for a minute, not for ever', async () => {
  const clock = new ManualClock();
  const world = await startGit({ clock });
  const clone = await Clone.create();
  world.host.build = async ({ output }) => {
    push.kill('SIGSTOP');
    while (clock.pending === 0) {
      output('much\n'.repeat(10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  };
  const push = clone.saying('push', world.url(), 'main');
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(await world.host.repositories.get('demo')?.refs()).toEqual(new Map());
  await clock.advance(60_000);
  await world.gitsGone();
  expect((await world.host.repositories.get('demo')?.refs())?.size).toBe(1);
  push.kill('SIGCONT');
  push.kill('SIGKILL');
  await push.finished;
});

test('a git that does not pass descriptors on to its hooks is served all the same', async () => {
  const path = process.env.PATH ?? '';
  const bin = makeFolder({ git: `#!/bin/sh\nexec ${findProgram('git', path)} "$@" 3>&- 4>&-\n` });
  chmodSync(join(bin, 'git'), 0o755);
  const world = await startGit({ path: `${bin}:${path}` });
  const clone = await Clone.create();
  world.host.build = ({ output }) => {
    output('-----> Building\n');
    return true;
  };
  const { status, stderr } = await clone.run('push', world.url(), 'main');
  expect(stderr).toContain('remote: -----> Building');
  expect(status).toBe(0);
  world.host.build = () => false;
  await clone.commit('second');
  expect((await clone.run('push', world.url(), 'main')).status).toBe(1);
});
