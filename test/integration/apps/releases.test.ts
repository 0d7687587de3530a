import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import type { Host } from '../../../src/host/host.js';
import { makeFolder } from '../../helpers/folder.js';
import { addAppIn, addTestApp, logged, startTestHost } from '../../helpers/start-host.js';

const WORKER = 'worker: echo "A is $A"; exec sleep 1000\n';

/** All lines of the log about releases. */
function said(app: App): readonly string[] {
  return app.logs
    .recent(1500)
    .filter(({ dyno }) => dyno === 'api' || dyno.startsWith('release.'))
    .map(({ source, dyno, line }) => `${source}[${dyno.replace(/\d{4}$/, 'N')}]: ${line}`)
    .map((line) => line.replace(/Deploy \w{8}/, 'Deploy N').replace(' by user you@example.com', ' by U'));
}

async function startReleased(release: string): Promise<{ host: Host; app: App }> {
  const host = await startTestHost();
  const files = { Procfile: `release: ${release}\n${WORKER}`, '.env': 'A=1\n' };
  return { host, app: await addTestApp(host, 'demo', files, { hasReleasePhase: true }) };
}

describe('the release command', () => {
  test('runs before the dynos start, with the release’s config vars', async () => {
    const { app } = await startReleased('echo "migrating with $A in $DYNO"');
    await logged(app, /^A is 1$/);
    expect(said(app)).toEqual([
      'app[api]: Deploy N by U',
      'app[api]: Running release v1 commands by U',
      'app[api]: Starting process with command `echo "migrating with $A in $DYNO"` by U',
      expect.stringContaining('Starting process with command `echo "migrating with 1 in release.'),
      'heroku[release.N]: State changed from starting to up',
      expect.stringMatching(/^app\[release\.N\]: migrating with 1 in release\.\d{4}$/),
      'heroku[release.N]: Process exited with status 0',
      'heroku[release.N]: State changed from up to complete',
      'app[api]: Release v1 created by U',
      'app[api]: Scaled to worker@1:Eco by U',
    ]);
  });

  test('lets the app be asked and scaled while it runs for the first time; nothing starts before its end', async () => {
    const host = await startTestHost();
    const dir = makeFolder({
      Procfile: `release: until [ -e done ]; do read -t 0.01; done; true\n${WORKER}`,
    });
    const app = await addAppIn(host, 'demo', { dir }, { hasReleasePhase: true });
    const starting = host.startApp(app);
    await logged(app, /^State changed from starting to up$/);
    const control = await host.control.app('demo');
    expect(await control.formation()).toMatchObject([{ type: 'worker', quantity: 1 }]);
    expect(await control.configVars()).toEqual({});
    expect(await control.releases()).toMatchObject([{ version: 1, status: 'pending', isCurrent: false }]);
    expect(await control.scale([{ type: 'worker', quantity: { to: 2 } }])).toMatchObject([{ quantity: 2 }]);
    expect(await control.dynos()).toMatchObject([{ type: 'release', release: 1 }]);
    writeFileSync(join(dir, 'done'), '');
    await starting;
    expect((await control.dynos()).map(({ name }) => name)).toEqual(['worker.1', 'worker.2']);
  });

  test('that fails at the start lets nothing start', async () => {
    await expect(startReleased('exit 3')).rejects.toMatchObject({ code: 'RELEASE_FAILED' });
  });

  test('that fails later leaves the old release running', async () => {
    const { app } = await startReleased('[ "$A" = 1 ]');
    await logged(app, /^A is 1$/);
    const before = app.dynos.views();
    const { outcome } = await app.releases.updateConfigVars(new Map([['A', '2']]));
    expect(outcome).toBe('failed');
    expect(said(app).slice(-2)).toEqual([
      'heroku[release.N]: State changed from up to complete',
      'app[api]: Release v2 command failed by U',
    ]);
    expect(app.dynos.views()).toMatchObject(before.map(({ name, pid }) => ({ name, pid, release: 1 })));
    expect(app.releases.views()).toMatchObject([
      { version: 1, status: 'succeeded', isCurrent: true },
      { version: 2, status: 'failed', isCurrent: false },
    ]);
  });

  test('the next release gets the next number, and is of what the files say then', async () => {
    const { app } = await startReleased('[ "$A" != 2 ]');
    await app.releases.updateConfigVars(new Map([['A', '2']]));
    writeFileSync(join(app.dir, '.env'), 'A=3\n');
    await logged(app, /^Release v3 created/);
    await logged(app, /^A is 3$/);
  });

  test('that fails leaves nothing of an edit once the edit is taken back, also after a rollback', async () => {
    const { app } = await startReleased('[ "$B" != bad ]');
    const save = (text: string): void => writeFileSync(join(app.dir, '.env'), text);
    await app.releases.updateConfigVars(new Map([['A', '2']]));
    await app.releases.rollback(1);
    await logged(app, /differs from the files: Set A config vars$/);
    save('A=2\nB=bad\n');
    await logged(app, /^Release v4 command failed/);
    save('A=2\n');
    await expect.poll(() => app.releases.configVars.has('B')).toBe(false);
    expect(app.releases.configVars.get('A')?.value).toBe('1');
    save('A=2\nB=good\n');
    await logged(app, /^Release v5 created/);
    expect(app.release.config.get('A')?.value).toBe('1');
    expect(app.releases.views().map(({ description }) => description)).toEqual([
      expect.stringMatching(/^Deploy/),
      'Set A config vars',
      'Rollback to v1',
      'Set B config vars',
      'Set B config vars',
    ]);
  });

  test('that failed runs again with the next change, also of a new Procfile', async () => {
    const { app } = await startReleased('[ "$A" = 1 ]');
    writeFileSync(join(app.dir, 'Procfile'), `release: [ "$B" = 1 ]\n${WORKER}`);
    await logged(app, /^Release v2 command failed/);
    expect(await app.releases.updateConfigVars(new Map([['B', '1']]))).toMatchObject({ outcome: 'live' });
    expect(app.releases.views().at(-1)?.description).toMatch(/^Deploy \w{8}, Set B config vars$/);
  });

  test('releases wait for each other', async () => {
    const { app } = await startReleased('sleep 0.1; echo "done with $A"');
    const outcomes = await Promise.all(
      ['2', '3', '4'].map((value) => app.releases.updateConfigVars(new Map([['A', value]]))),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['live', 'live', 'live']);
    const order = said(app).flatMap(
      (line) => /N\]: (done with \d)|(Release v\d created)/.exec(line)?.slice(1).find(Boolean) ?? [],
    );
    expect(order.slice(-6)).toEqual([
      'done with 2',
      'Release v2 created',
      'done with 3',
      'Release v3 created',
      'done with 4',
      'Release v4 created',
    ]);
  });

  test('is stopped with the app, which then starts nothing any more', async () => {
    const host = await startTestHost();
    const files = { Procfile: `release: trap "exit 0" TERM; echo begun; sleep 1000 & wait\n${WORKER}` };
    const starting = addTestApp(host, 'demo', files, { hasReleasePhase: true });
    while (host.apps.length === 0) await new Promise(setImmediate);
    const [app] = host.apps;
    if (!app) throw new Error('There is no app');
    await logged(app, /^begun$/);
    await host.close();
    await starting.catch(() => {});
    expect(app.dynos.views()).toEqual([]);
  });
});

test('without --release-phase, each release reports that its command was skipped', async () => {
  const host = await startTestHost();
  const app = await addTestApp(host, 'demo', { Procfile: `release: exit 3\n${WORKER}` });
  expect(said(app)).toContain(
    'dynosim[api]: v1: the release command was skipped; dynosim start --release-phase runs it',
  );
});
