import { expect, onTestFinished, test } from 'vitest';
import { hostOf, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { NO_REDIS, REDIS } from '../helpers/redis.js';

test.skipIf(!REDIS)(`an app uses the Redis of another one (${NO_REDIS})`, async () => {
  const state = makeFolder();
  const host = hostOf(state);
  onTestFinished(async () => void (await host.stop()));
  await host.ready();
  const type = (line: string) => run(line.split(' '), { cwd: state });
  await type('create one');
  await type('create two');
  expect(await type('addons:create heroku-redis:mini --name cache --wait -a one')).toMatchObject({
    status: 0,
  });
  expect(await type('redis:info -a two')).toMatchObject({ status: 1, stdout: '' });
  expect(await type('addons:attach cache -a two')).toMatchObject({ status: 0 });
  expect((await type('redis:info -a two')).stdout).toMatch(/^=== cache /);
  // What the real CLI gets.
  expect(JSON.parse((await type('addons --json -a two')).stdout)).toMatchObject([
    { name: 'cache', app: { name: 'one' }, billing_entity: { name: 'one' } },
  ]);
  expect(await type('redis:wait -a two')).toMatchObject({ status: 0 });
});

test('the plans of a service are listed by the service or one of its plans', async () => {
  const { stdout } = await run(['addons:plans', 'heroku-redis']);
  expect(stdout).toMatch(/default +heroku-redis:mini /);
  expect((await run(['addons:plans', 'heroku-redis:premium-0'])).stdout).toBe(stdout);
});
