import { describe, expect, test } from 'vitest';
import { startHeroku } from './heroku-world.js';

describe('an add-on', () => {
  test('is created, listed, described, renamed, attached and destroyed', async () => {
    const { heroku } = await startHeroku();
    expect(await heroku('addons')).toMatchObject({ status: 0, stdout: 'No add-ons for app my-app.\n' });

    const created = await heroku('addons:create', 'scheduler:standard', '--name', 'nightly');
    expect(created).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^Creating scheduler:standard on .*my-app\.\.\. free/),
    });
    expect(created.stdout).toContain('Run heroku addons:docs scheduler to view documentation.');

    expect((await heroku('addons:wait', 'nightly')).status).toBe(0);
    expect((await heroku('addons')).stdout).toMatch(
      /scheduler \(nightly\) +standard +free +free +created *\n +└─ as SCHEDULER/,
    );
    expect((await heroku('addons:info', 'SCHEDULER')).stdout).toMatch(
      /Plan: +scheduler:standard\n.*\n.*\nAttachments: +my-app::SCHEDULER\nOwning app: +my-app/,
    );

    expect((await heroku('addons:rename', 'nightly', 'daily')).stdout).toBe(
      'nightly successfully renamed to daily.\n',
    );
    expect((await heroku('addons:attach', 'daily', '--as', 'SECOND')).stderr).toMatch(
      /Setting SECOND config vars and restarting .*done, v\d/,
    );
    expect((await heroku('addons:detach', 'SECOND')).stderr).toMatch(/Detaching SECOND to daily from .*done/);
    const last = await heroku('addons:detach', 'SCHEDULER');
    expect(last.stderr.replaceAll(/\s+›?\s*/g, ' ')).toContain(
      'Cannot destroy last attachment to billing app for resource daily',
    );

    expect((await heroku('addons:destroy', 'daily', '--confirm', 'my-app')).stderr).toMatch(
      /Destroying daily on .*my-app\.\.\. done/,
    );
    expect(await heroku('addons', '--all')).toMatchObject({ status: 0, stdout: 'No add-ons.\n' });
    const { stdout } = await heroku('releases', '--json');
    expect(JSON.parse(stdout).map(({ description }: { description: string }) => description)).toEqual(
      expect.arrayContaining([
        'Attach SCHEDULER (@ref:nightly)',
        '@ref:nightly completed provisioning.',
        'Detach SCHEDULER (@ref:daily)',
      ]),
    );
  });

  test('of an unknown plan is refused in Heroku’s words, which list the plans on an upgrade', async () => {
    const { heroku } = await startHeroku();
    const unknown = await heroku('addons:create', 'heroku-postgresql:hobby-dev');
    expect(unknown.status).not.toBe(0);
    expect(unknown.stderr.replaceAll(/\s+›?\s*/g, ' ')).toContain(
      'Couldn\'t find either the add-on service or the add-on plan of "heroku-postgresql:hobby-dev".',
    );
    expect((await heroku('addons:plans', 'heroku-redis')).stdout).toMatch(/default +heroku-redis:mini +Mini/);
    expect((await heroku('addons:services')).stdout).toContain('heroku-postgresql');
    expect((await heroku('addons:docs', 'scheduler', '--show-url')).stdout).toBe(
      'https://devcenter.heroku.com/articles/scheduler\n',
    );
  });
});
