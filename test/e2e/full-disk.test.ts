import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadPrograms } from '../../src/base/process.js';
import { readOrEmpty } from '../../src/base/read.js';
import { ask } from '../helpers/ask.js';
import { BIN, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { GIT_ENV } from '../helpers/git-env.js';

const isMountAllowed = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** A disk that only the host sees, with its state and its log. */
const ON_SMALL_DISK = 'mount -t tmpfs -o size=16m tmpfs "$0" && exec "$@" >"$0/host.log" 2>&1';

const FILES = {
  'web.js': `const { createServer } = require('http');
const code = require('fs').readFileSync('code');
createServer((_, response) => {
  console.log('x'.repeat(10000));
  response.end(code + process.env.NAME);
}).listen(process.env.PORT);
`,
  Procfile: 'web: node web.js\n',
  code: 'one ',
};

const GIT = { ...GIT_ENV, GIT_CONFIG_GLOBAL: '/dev/null' };

/** Starts a host whose state and log are on a small disk. */
async function startHost() {
  const disk = makeFolder();
  const flags = ['--state', join(disk, 'state'), '--port', '0', '--api-port', '0', '--log-format', 'json'];
  const command = [process.execPath, BIN, 'host', '--no-wake-delay', ...flags];
  const child = spawn('unshare', ['-m', 'sh', '-c', ON_SMALL_DISK, disk, ...command], { stdio: 'ignore' });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill();
    await closed;
  });
  const inside = (path: string): string => join(`/proc/${child.pid}/root`, disk, path);
  const log = (): string => readOrEmpty(inside('host.log'));
  while (!log().includes('"event":"ready"')) await pause(20);
  const { router } = JSON.parse(/^\{"event":"ready".*$/m.exec(log())?.[0] ?? '');
  return {
    disk,
    log,
    visit: () => ask(Number(new URL(router).port), 'my-app.localhost'),
    /** Leaves no room on its disk. */
    fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${inside('fill')}`, 'bs=1k', 'status=none']),
    free: () => rmSync(inside('fill')),
    apps: () => readdirSync(inside('state/apps')),
    drafts: () =>
      readdirSync(inside('state'), { recursive: true }).filter((path) => String(path).endsWith('.tmp')),
  };
}

/** A user's folder under version control. */
async function makeClone(others: Readonly<Record<string, string>> = {}) {
  const { run: execute } = await loadPrograms();
  const { GIT_SSL_CAINFO: _, ...rest } = process.env;
  const dir = makeFolder({ ...FILES, ...others });
  const clone = {
    dir,
    type: (...args: readonly string[]) => run(args, { cwd: dir, env: GIT }),
    git: (...args: readonly string[]) =>
      execute(['git', ...args], { cwd: dir, env: { ...rest, ...GIT } }).finished,
  };
  await clone.git('init', '--quiet', '--initial-branch=main');
  await clone.git('add', '--all');
  await clone.git('commit', '--quiet', '--message=one');
  return clone;
}

// Only root may mount a disk.
describe.skipIf(!isMountAllowed)('a full disk', () => {
  test('every change is refused in a line, what runs runs on, and with free space all works again', async () => {
    const { log, visit, fill, free, apps, drafts } = await startHost();
    const { dir, type, git } = await makeClone();
    expect((await type('create', 'my-app', '--buildpack', 'none')).status).toBe(0);
    expect((await type('config:set', 'NAME=Ada')).status).toBe(0);
    expect((await git('push', 'heroku', 'main')).status).toBe(0);
    writeFileSync(join(dir, 'code'), 'two ');
    await git('commit', '--quiet', '--all', '--message=two');

    fill();
    const changes = [
      'config:set NAME=Eve',
      'ps:scale web=0',
      'maintenance:on',
      'apps:rename x2',
      'create x3',
    ];
    for (const change of [...changes, 'deploy']) {
      const { status, stderr } = await type(...change.split(' '));
      const last = stderr.trimEnd().split('\n').at(-1);
      expect([change, status, last]).toEqual([
        change,
        1,
        expect.stringMatching(
          /^dynosim: Cannot .*: no space left on device.* Free some space, then try again\.$/i,
        ),
      ]);
    }
    expect(await git('push', 'heroku', 'main')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('No space left on device'),
    });
    expect(await visit()).toEqual({ status: 200, body: 'one Ada' });
    // A dyno's output comes after its response: this line must come while the disk is full.
    await vi.waitFor(async () => expect((await type('logs')).stdout).toContain('xxx'), { timeout: 30_000 });
    expect(log()).not.toContain('Scaled to web@0');

    free();
    expect([apps().length, drafts()]).toEqual([1, []]);
    expect((await git('push', 'heroku', 'main')).status).toBe(0);
    expect((await type('config:set', 'NAME=Grace')).status).toBe(0);
    expect(await visit()).toEqual({ status: 200, body: 'two Grace' });
    const gap = 'lines are missing in front of this one: the disk of this log was full';
    await vi.waitFor(() => expect(log()).toContain(gap), { timeout: 30_000 });
  });

  test('that fills while a release command runs is named as the reason why the release failed', async () => {
    const { disk } = await startHost();
    const fill = '[ ! "$DISK" ] || dd if=/dev/zero of="$DISK/fill" bs=1k status=none; true';
    const { type, git } = await makeClone({ Procfile: `${FILES.Procfile}release: ${fill}\n` });
    expect((await type('create', 'my-app', '--buildpack', 'none')).status).toBe(0);
    expect((await git('push', 'heroku', 'main')).status).toBe(0);
    const { status, stderr } = await type('config:set', `DISK=${disk}`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^dynosim: v4 could not be released: Cannot .*: no space left on device.* Free some space, .* The previous release keeps running, but the next one will have the change\.$/im,
      ),
    ]);
    expect((await type('releases')).stdout).toMatch(/^v4 +could not be released: Set DISK/m);
  });
});
