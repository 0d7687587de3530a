import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive, runtimeFile } from '../../src/api/client/discovery.js';
import { appStateFolder, stateFolder } from '../../src/api/client/state-folder.js';
import { dynosim, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { untilGone } from '../helpers/processes.js';

const WEB =
  "require('node:http').createServer((req, res) => res.end('hi')).listen(process.env.PORT, () => console.log('up'))";

/** A folder whose app is stopped at the end of the test. */
function appFolder(files: Readonly<Record<string, string>>): string {
  const dir = makeFolder(files);
  onTestFinished(async () => void (await run(['stop', '--dir', dir])));
  return dir;
}

const stateOf = (dir: string): string => appStateFolder(stateFolder(process.env), dir);
const logOf = (dir: string): string => join(stateOf(dir), 'start.log');

describe('start --detach', () => {
  test('returns when all is up; apps lists it, and stop ends it from anywhere', async () => {
    const dir = appFolder({ 'web.js': WEB, Procfile: 'web: exec node web.js\nworker: exec sleep 1000\n' });
    const { status, stdout } = await run(['start', '-Dp', '0', '-a', 'behind'], { cwd: dir });
    const log = logOf(dir);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^behind is at http:\/\/localhost:\d+ \(pid \d+\)\nIts log: .*\. Stop it with: .*\n$/,
      ),
    ]);
    expect(stdout).toContain(log);
    const [, port, pid] = /localhost:(\d+) \(pid (\d+)\)/.exec(stdout) ?? [];
    const dynos = JSON.parse((await run(['ps', '--json', '-a', 'behind'])).stdout);
    expect(dynos).toMatchObject([
      { name: 'web.1', state: 'up' },
      { name: 'worker.1', state: 'up' },
    ]);
    expect((await run(['apps'])).stdout).toMatch(
      new RegExp(`^behind +up +http://localhost:${port} +v1 +${dir}$`, 'm'),
    );
    expect(await run(['start', '--detach', '--dir', dir])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^dynosim: behind already runs from .*"dynosim stop"\.\n$/),
    });
    expect(await run(['stop', '-a', 'behind'])).toMatchObject({ status: 0 });
    expect(isAlive(Number(pid))).toBe(false);
    expect(readFileSync(log, 'utf8')).toMatch(
      /app\[web\.1\]: up\n[\s\S]*web\.1\]: Process exited with status/,
    );
  });

  test('says why an app does not start', async () => {
    const dir = appFolder({ Procfile: 'web: exec node web.js\nrelease: exit 3\n' });
    const failed = await run(['start', '-D', '-p', '0', '--release-phase', '--dir', dir]);
    expect([failed.status, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(
      /^dynosim: The app did not start: The release command failed, .*\. See .*start\.log\.$/m,
    );
  });

  test('fails when a dyno crashes; the app runs on', async () => {
    const dir = appFolder({ Procfile: 'web: exit 3\nworker: exec sleep 1000\n' });
    const { status, stderr } = await run(['start', '-D', '-p', '0', '--dir', dir]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `dynosim: web.1 crashed. See ${logOf(dir)}; "dynosim stop" ends what still runs.\n`,
    );
    // After its first crash it is started again at once.
    await expect
      .poll(async () => (await run(['ps', '--dir', dir])).stdout)
      .toMatch(/web\.1: crashed[\s\S]*worker\.1: up/);
  });

  test('ends the app if it is interrupted before that is up', async () => {
    const dir = appFolder({ Procfile: 'web: exec sleep 1000\n' });
    const waiting = dynosim(['start', '-D', '-p', '0', '--dir', dir]);
    while (!existsSync(runtimeFile(stateOf(dir)))) await immediate();
    expect(await waiting.stop('SIGINT')).toMatchObject({ status: 130 });
    await untilGone(dir);
  });

  test('cannot stand in .dynosimrc', async () => {
    const dir = makeFolder({ Procfile: 'web: exec sleep 1000\n', '.dynosimrc': '--detach\n' });
    expect(await run(['start', '-p', '0', '--dir', dir])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('.dynosimrc line 1: --detach cannot be set here'),
    });
  });
});
