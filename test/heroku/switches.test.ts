import { describe, expect, test } from 'vitest';
import { done } from '../e2e/commands-world.js';
import { refused, startHeroku } from './heroku-world.js';

interface Feature {
  readonly name: string;
  readonly enabled: boolean;
  readonly description: string;
}

test('heroku maintenance switches to the maintenance page and back', async () => {
  const { heroku, type, visit, pids } = await startHeroku();
  const before = await pids();
  expect(await heroku('maintenance:on')).toMatchObject(
    done('', 'Enabling maintenance mode for my-app... done\n'),
  );
  expect(await heroku('maintenance')).toMatchObject(done('on\n'));
  expect(await visit()).toMatchObject({ status: 503 });
  expect((await type('logs', '-d', 'router')).stdout).toMatch(/ code=H80 desc="Maintenance mode" /);
  expect(await heroku('maintenance:off')).toMatchObject(
    done('', 'Disabling maintenance mode for my-app... done\n'),
  );
  expect(await heroku('maintenance')).toMatchObject(done('off\n'));
  expect(await visit()).toEqual({ status: 200, body: 'web.1 hello' });
  // The dynos have never known.
  expect(await pids()).toEqual(before);
});

describe('heroku features', () => {
  test('are listed, switched on and off', async () => {
    const { heroku } = await startHeroku();
    const features = JSON.parse((await heroku('features', '--json')).stdout) as readonly Feature[];
    const [feature] = features;
    if (!feature) throw new Error('There is no feature');
    const { name } = feature;
    const line = (mark: string) => expect.stringMatching(new RegExp(`^\\[${mark}\\] ${name} +\\S`, 'm'));
    expect(feature.enabled).toBe(false);
    expect(await heroku('features:enable', name)).toMatchObject(
      done('', `Enabling ${name} for my-app... done\n`),
    );
    expect((await heroku('features:info', name)).stdout).toMatch(/^Enabled: +true$/m);
    const list = await heroku('features');
    expect(list).toMatchObject(done(/^=== App Features my-app\n\n\[/));
    expect(list.stdout).toEqual(line('\\+'));
    expect(await heroku('features:disable', name)).toMatchObject(
      done('', `Disabling ${name} for my-app... done\n`),
    );
    expect(await heroku('features')).toMatchObject({ stdout: line(' ') });
    expect(await heroku('features:enable', 'nonsense')).toMatchObject(
      refused('not_found', /^Couldn't find that .*feature\b/, 'Enabling nonsense for my-app... !\n'),
    );
  });
});

describe('heroku labs', () => {
  test('gives dynos their metadata', async () => {
    const { heroku, pids } = await startHeroku();
    const list = await heroku('labs');
    expect(list).toMatchObject(
      done(
        /^=== User Features you@example\.com\n(.*\n)*\n=== App Features my-app\n\n(.*\n)*\[ \] runtime-dyno-metadata +\S/,
      ),
    );
    expect(await heroku('labs:enable', 'runtime-dyno-metadata')).toMatchObject(
      done('', 'Enabling runtime-dyno-metadata for my-app... done\n'),
    );
    expect((await heroku('labs:info', 'runtime-dyno-metadata')).stdout).toMatch(/^Enabled: +true$/m);
    await pids();
    expect((await heroku('run', 'echo $HEROKU_APP_NAME')).stdout).toBe('my-app\n');
    expect(await heroku('labs:disable', 'runtime-dyno-metadata')).toMatchObject(
      done('', 'Disabling runtime-dyno-metadata for my-app... done\n'),
    );
    expect((await heroku('labs')).stdout).toMatch(/^\[ \] runtime-dyno-metadata /m);
    expect(await heroku('labs:enable', 'nonsense')).toMatchObject(
      refused('not_found', /^Couldn't find that .*feature\b/),
    );
  });
});
