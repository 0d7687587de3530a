import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { done, expectEach, failed, startApp, steady } from './commands-world.js';

const FILES = { Procfile: 'worker: echo "A is $A"; exec sleep 1000\n', '.env': 'B=b\nA=1\n' };
const NO_FILE = "Rollback affects process types and config vars in what runs; it doesn't change any file.\n";

describe('releases and rollback', () => {
  test('every change makes one, and an earlier one can run again', async () => {
    const { type, dir, app } = await startApp(FILES);
    await app.printed(/A is 1/);
    await type('config:set', 'A=2');
    await app.printed(/A is 2/);
    expect(steady((await type('releases')).stdout)).toBe(
      '=== ⬢ my-app Releases - Current: v2\n\n' +
        'v   description        user             created_at\n' +
        `${'─'.repeat(76)}\n` +
        'v2  Set A config vars  you@example.com  <when>\n' +
        'v1  Deploy <hash>    you@example.com  <when>\n',
    );
    expect(JSON.parse((await type('releases', '-n', '1', '--json')).stdout)).toMatchObject([
      { version: 2, description: 'Set A config vars', status: 'succeeded', current: true },
    ]);

    expect(await type('rollback')).toMatchObject(
      done(
        '',
        `Rolling back ⬢ my-app to v1... done, v3\n${NO_FILE}` +
          'Warning: what runs now differs from the files: Set A config vars\n' +
          'To undo, run: dynosim rollback v2\n',
      ),
    );
    await app.printed(/A is 1[\s\S]*A is 2[\s\S]*A is 1/);
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('B=b\nA=2\n');
    expect(await type('rollback', 'v2')).toMatchObject(
      done('', `Rolling back ⬢ my-app to v2... done, v4\n${NO_FILE}To undo, run: dynosim rollback v3\n`),
    );
    await app.printed(/A is 2[\s\S]*A is 1[\s\S]*A is 2/);

    expect(steady((await type('releases:info', 'v1')).stdout)).toBe(
      '=== Release v1\n\n' +
        'By:                     you@example.com\n' +
        'Change:                 Deploy <hash>\n' +
        'Eligible for Rollback?: Yes\n' +
        'When:                   <time>\n\n' +
        '=== v1 Config vars\n\nA: 1\nB: b\n',
    );
    expect((await type('releases:info', '--shell')).stdout).toMatch(
      /^=== Release v4\n[\s\S]*\n\nA=2\nB=b\n$/,
    );
    expect(JSON.parse((await type('releases:info', '3', '--json')).stdout)).toMatchObject({
      version: 3,
      description: 'Rollback to v1',
      current: false,
    });
  });

  test('a missing release cannot be shown or rolled back to', async () => {
    const { type } = await startApp(FILES);
    const none = (name: string) =>
      failed(`Couldn't find that release. There is no ${name}; "dynosim releases" lists them.`);
    const list = 'See them all: dynosim releases';
    await expectEach(type, [
      [['releases:info', 'v9'], none('v9')],
      [['rollback', 'v9'], none('v9')],
      [['rollback', 'yesterday'], none('yesterday')],
      [['rollback', 'v1'], failed(`v1 runs now. ${list}`)],
      [['rollback'], failed(`No eligible release found for ⬢ my-app to roll back to. ${list}`)],
      [['releases', '-n', '0'], failed('"0" is not a number of releases. Write for example -n 20.')],
    ]);
  });

  test('a release whose command fails is listed, does not run, and fails the command that made it', async () => {
    const { type, dynos } = await startApp(
      { Procfile: 'worker: exec sleep 1000\nrelease: echo migrating; [ "$A" != bad ]\n', '.env': 'A=1\n' },
      ['--release-phase'],
    );
    await type('ps:wait');
    const before = await dynos();
    expect(await type('config:set', 'A=bad')).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'Setting A and restarting ⬢ my-app... done, v2\nRunning release command...\nmigrating\n' +
        'dynosim: The release command of v2 failed. The previous release keeps running, but the env file has the change.\n',
    });
    expect(steady((await type('releases')).stdout)).toContain(
      '\nv2  release command failed: Set A config vars  you@example.com  <when>\n',
    );
    expect((await dynos())['worker.1']?.dynosim.pid).toBe(before['worker.1']?.dynosim.pid);
    expect(await type('rollback', 'v2')).toMatchObject(
      failed('v2 never ran. See them all: dynosim releases'),
    );
  });

  test('what a failed release has set stays set, for the next one', async () => {
    const { type, dir } = await startApp(
      { Procfile: 'worker: exec sleep 1000\nrelease: test -e ok\n', '.env': 'A=1\n', ok: '' },
      ['--release-phase'],
    );
    await type('ps:wait');
    rmSync(join(dir, 'ok'));
    expect(await type('config:set', 'B=2')).toMatchObject({ status: 1 });
    writeFileSync(join(dir, 'ok'), '');
    expect(await type('config:set', 'C=3')).toMatchObject({ status: 0 });
    expect(JSON.parse((await type('config', '--json')).stdout)).toEqual({ A: '1', B: '2', C: '3' });
    rmSync(join(dir, 'ok'));
    expect(await type('rollback', 'v1')).toMatchObject({ status: 1 });
    writeFileSync(join(dir, 'ok'), '');
    await type('config:set', 'D=4');
    expect(JSON.parse((await type('config', '--json')).stdout)).toEqual({ A: '1', B: '2', C: '3', D: '4' });
  });
});

describe('maintenance', () => {
  test('keeps visitors out while it is on', async () => {
    const { type, app, ready } = await startApp(FILES);
    expect(await type('maintenance')).toMatchObject(done('off\n'));
    expect(await type('maintenance:on')).toMatchObject(
      done('', 'Enabling maintenance mode for ⬢ my-app... done\n'),
    );
    expect(await type('maintenance')).toMatchObject(done('on\n'));
    expect(JSON.parse((await type('maintenance', '--json')).stdout)).toEqual({ maintenance: true });
    expect((await fetch(ready.router)).status).toBe(503);
    await app.printed(/code=H80/);
    expect((await type('logs', '-d', 'router')).stdout).toMatch(/code=H80 desc="Maintenance mode"/);
    expect(await type('maintenance:off')).toMatchObject(
      done('', 'Disabling maintenance mode for ⬢ my-app... done\n'),
    );
    expect(await type('maintenance')).toMatchObject(done('off\n'));
  });
});

describe('features', () => {
  test('are listed, and switched on and off', async () => {
    const { type } = await startApp(FILES);
    expect((await type('features')).stdout).toMatch(
      /^\[ \] preboot {16}Start new web dynos .*\n\[ \] log-runtime-metrics {4}Emit .*\n\[ \] runtime-dyno-metadata {2}Dyno metadata.*\n$/,
    );
    expect(await type('features:enable', 'preboot')).toMatchObject(
      done('', 'Enabling preboot for ⬢ my-app... done\n'),
    );
    expect((await type('features')).stdout).toMatch(/^\[\+\] preboot/);
    expect(JSON.parse((await type('features', '--json')).stdout)).toMatchObject([
      { name: 'preboot', isEnabled: true },
      { name: 'log-runtime-metrics', isEnabled: false },
      { name: 'runtime-dyno-metadata', isEnabled: false },
    ]);
    expect(await type('features:disable', 'preboot')).toMatchObject(
      done('', 'Disabling preboot for ⬢ my-app... done\n'),
    );
    expect((await type('features')).stdout).toMatch(/^\[ \] preboot/);
    expect(await type('features:enable', 'prebot')).toMatchObject(
      failed(
        "Couldn't find that feature (prebot). There are preboot, log-runtime-metrics and runtime-dyno-metadata.",
      ),
    );
  });
});

describe('clock', () => {
  test('moves forward, runs everything that is due, and prints what happened to dynos', async () => {
    const { type, app, dir } = await startApp({ Procfile: 'bad: [ -e good ] && exec sleep 1000\n' });
    expect(await type('clock')).toMatchObject(done('Platform time runs as fast as real time.\n'));
    // Restarted at once after the first crash, and 20 minutes after the second.
    await app.printed(/to crashed[\s\S]*to crashed/);
    writeFileSync(join(dir, 'good'), '');
    const advanced = await type('clock:advance', '31m');
    expect(advanced).toMatchObject({
      status: 0,
      stdout: 'bad.1: up, was crashed\n',
      stderr:
        'Moving platform time forward by 31m... done\n' +
        'Platform time runs as fast as real time and was moved forward by 31m.\n',
    });
    const clock = JSON.parse((await type('clock:advance', '1h', '--json')).stdout);
    expect(clock.skippedMs).toBeCloseTo(91 * 60_000);
    expect(JSON.parse((await type('clock', '--json')).stdout)).toMatchObject({ speed: 1 });
    await expectEach(type, [
      [
        ['clock:advance', '31'],
        failed('"31" is not a duration. Write for example 500ms, 30s, 5m, 1h30m or never.'),
      ],
      [
        ['clock:advance', 'never'],
        failed('Platform time cannot be moved forward by "never". Write for example 31m.'),
      ],
      [['clock:advance'], failed("missing required argument 'duration'. See dynosim clock:advance --help.")],
    ]);
  });
});
