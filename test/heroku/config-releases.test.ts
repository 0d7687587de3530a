import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { done } from '../e2e/commands-world.js';
import { api, complained, FILES, ME, refused, rows, startHeroku, unwrapped } from './heroku-world.js';

const ROLLED_BACK = "Warning: Rollback affects code and config vars; it doesn't add or remove addons.";

describe('heroku config', () => {
  test('shows, sets, gets and removes config vars; each change is a release and restarts', async () => {
    const { dir, heroku, visit, pids } = await startHeroku();
    expect(await heroku('config')).toMatchObject(done('=== my-app Config Vars\n\nGREETING: hello\n'));
    const before = await pids();
    expect(await heroku('config:set', '=x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Error ID: invalid_params'),
    });
    expect(await pids()).toEqual(before);
    expect(await heroku('config:set', 'GREETING=good day', 'B=2', 'EMPTY=', 'URL=a=b')).toMatchObject(
      done(
        'GREETING: good day\nB:        2\nURL:      a=b\n',
        'Setting GREETING, B, EMPTY, URL and restarting my-app... done, v2\n',
      ),
    );
    const after = await pids();
    expect(after['web.1']).not.toBe(before['web.1']);
    expect(after['worker.1']).not.toBe(before['worker.1']);
    expect(await visit()).toEqual({ status: 200, body: 'web.1 good day' });
    expect(readFileSync(join(dir, '.env'), 'utf8')).toMatch(/^GREETING=['"]?good day['"]?$/m);

    const values = { GREETING: 'good day', B: '2', EMPTY: '', URL: 'a=b' };
    const [shell, json, one, two, none] = await Promise.all([
      heroku('config', '-s'),
      heroku('config', '--json'),
      heroku('config:get', 'GREETING'),
      heroku('config:get', 'GREETING', 'URL', '-s'),
      heroku('config:get', 'B', 'NOTHING', '--json'),
    ]);
    expect(shell.stdout.trim().split('\n').sort()).toEqual([
      'B=2',
      'EMPTY=',
      "GREETING='good day'",
      "URL='a=b'",
    ]);
    expect(JSON.parse(json.stdout)).toEqual(values);
    expect(one).toMatchObject(done('good day\n'));
    expect(two).toMatchObject(done("GREETING='good day'\nURL='a=b'\n"));
    expect(JSON.parse(none.stdout)).toEqual([
      { key: 'B', value: '2' },
      { key: 'NOTHING', value: null },
    ]);

    expect(await heroku('config:unset', 'GREETING', 'B', 'EMPTY')).toMatchObject(
      done('', 'Unsetting GREETING, B, EMPTY and restarting my-app... done, v3\n'),
    );
    await pids();
    expect(await visit()).toEqual({ status: 200, body: 'web.1 undefined' });
    expect(await heroku('config')).toMatchObject(done('=== my-app Config Vars\n\nURL: a=b\n'));
    expect(readFileSync(join(dir, '.env'), 'utf8')).not.toMatch(/GREETING|EMPTY|^B=/m);
  });
});

describe('heroku releases', () => {
  test('lists and shows releases, and rolls back to the one before or to any', async () => {
    const { heroku, type, visit, pids } = await startHeroku();
    expect(await heroku('rollback')).toMatchObject(
      complained('Error: No eligible release found for my-app to roll back to.', 2),
    );
    await type('config:set', 'B=b b');
    await type('config:set', 'GREETING=three');

    const [list, json, info, shell, old, output, none] = await Promise.all([
      heroku('releases'),
      heroku('releases', '--json', '--num', '2'),
      heroku('releases:info'),
      heroku('releases:info', 'v2', '--shell'),
      heroku('releases:info', '1', '--json'),
      heroku('releases:output'),
      heroku('releases:info', 'v99'),
    ]);
    expect(list.stdout).toMatch(/^=== my-app Releases - Current: v3\n\n/);
    expect(rows(list.stdout)).toEqual([
      ['v', 'description', 'user', 'created_at'],
      ['v3', 'Set GREETING config vars', ME, '<when>'],
      ['v2', 'Set B config vars', ME, '<when>'],
      ['v1', 'Deploy <hash>', ME, '<when>'],
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { version: 3, current: true, status: 'succeeded', user: { email: ME } },
      { version: 2, current: false, status: 'succeeded' },
    ]);
    expect(info).toMatchObject(
      done(
        /^=== Release v3\n\nBy: +you@example\.com\nChange: +Set GREETING config vars\nEligible for Rollback\?: Yes\nWhen: +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n\n=== v3 Config vars\n\n(?=.*^B: +b b$)(?=.*^GREETING: +three$)/ms,
      ),
    );
    expect(shell.stdout).toMatch(/\n=== v2 Config vars\n\n(?=.*^B='b b'$)(?=.*^GREETING=hello$)/ms);
    expect(JSON.parse(old.stdout)).toMatchObject({ version: 1, current: false, eligible_for_rollback: true });
    expect(output).toMatchObject(complained('Warning: Release v3 has no release output available.', 0));
    expect(none).toMatchObject(refused('not_found', "Couldn't find that release."));

    const back = await heroku('rollback');
    expect(back).toMatchObject({ status: 0, stdout: '' });
    expect(unwrapped(back.stderr)).toBe(
      // The first warning is dynosim's own: on Heroku, there are no files that could differ.
      'Rolling back my-app to v2... done, v4 Warning: what runs now differs from the files: Set GREETING config vars ' +
        `${ROLLED_BACK} Warning: To undo, run: heroku rollback v3`,
    );
    await pids();
    expect(await visit()).toEqual({ status: 200, body: 'web.1 hello' });
    const far = await heroku('releases:rollback', 'v1');
    expect(unwrapped(far.stderr)).toMatch(/^Rolling back my-app to v1\.\.\. done, v5 Warning: /);
    await pids();
    expect(await visit()).toEqual({ status: 200, body: 'web.1 hello' });
    expect(rows((await heroku('releases', '-n', '2')).stdout)).toEqual([
      ['v', 'description', 'user', 'created_at'],
      ['v5', 'Rollback to v1', ME, '<when>'],
      ['v4', 'Rollback to v2', ME, '<when>'],
    ]);
    expect(await heroku('rollback', 'v77')).toMatchObject(
      refused('not_found', "Couldn't find that release."),
    );
  });

  test('shows what the release phase did, as it happened', async () => {
    const { heroku, type, ready, visit, pids } = await startHeroku(['--release-phase'], {
      ...FILES,
      Procfile: `${FILES.Procfile}release: echo migrating $GREETING; [ "$GREETING" != bad ]\n`,
    });
    expect(await heroku('releases:output')).toMatchObject(done('migrating hello\n'));
    await type('config:set', 'GREETING=two');
    const back = await heroku('rollback', 'v1');
    expect(back).toMatchObject({ status: 0, stdout: 'Running release command...\nmigrating hello\n' });
    expect(unwrapped(back.stderr)).toMatch(/^Rolling back my-app to v1\.\.\. done, v3 Warning: /);

    await type('config:set', 'GREETING=bad');
    const failed = ['v4', 'Set GREETING config vars release command failed', ME, '<when>'];
    await expect.poll(() => api(ready, '/apps/my-app/releases/4')).toMatchObject({ status: 'failed' });
    const [list, info, output] = await Promise.all([
      heroku('releases', '-n', '1'),
      heroku('releases:info', 'v4'),
      heroku('releases:output', 'v4'),
    ]);
    expect(rows(list.stdout)[1]).toEqual(failed);
    expect(info.stdout).toMatch(/^Change: +Set GREETING config vars \(release command failed\)$/m);
    expect(info.stdout).toMatch(/^Eligible for Rollback\?: +No$/m);
    expect(output).toMatchObject(done('migrating bad\n'));
    // The previous release keeps running.
    await pids();
    expect(await visit()).toEqual({ status: 200, body: 'web.1 hello' });
  });

  test('lists fifteen by default, newest first', async () => {
    const { heroku, type } = await startHeroku([], { Procfile: 'worker: exec sleep 100000\n' });
    for (let count = 2; count <= 18; count++) await type('config:set', `COUNT=${count}`);
    const [some, all] = await Promise.all([heroku('releases'), heroku('releases', '-n', '100', '--json')]);
    expect(rows(some.stdout).map(([version]) => version)).toEqual([
      'v',
      ...Array.from({ length: 15 }, (_, index) => `v${18 - index}`),
    ]);
    expect(JSON.parse(all.stdout)).toHaveLength(18);
  });
});
