import { expect, test } from 'vitest';
import { NO_REDIS, REDIS } from '../helpers/redis.js';
import { startHeroku } from './heroku-world.js';

test.skipIf(!REDIS)(`a Redis add-on (${NO_REDIS})`, async () => {
  const { heroku } = await startHeroku();
  expect(await heroku('addons:create', 'heroku-redis:mini', '--name', 'cache', '--wait')).toMatchObject({
    status: 0,
  });

  const [info, json, before, wait, cli] = await Promise.all([
    heroku('redis:info'),
    heroku('redis:info', '--json'),
    heroku('redis:credentials'),
    heroku('redis:wait'),
    heroku('redis:cli'),
  ]);
  expect(info.stdout).toMatch(
    /=== cache \(REDIS_URL\)\n\nPlan: +Mini\nStatus: +Available\n.*\nVersion: .*\nTimeout: +300\nMaxmemory: +noeviction\n.*\nPersistence: +None\n/,
  );
  expect(JSON.parse(json.stdout)).toMatchObject([
    { name: 'cache', plan: 'mini', config_vars: ['REDIS_URL'] },
  ]);
  expect(before.stdout).toMatch(/^rediss:\/\/:p[0-9a-f]{64}@127\.0\.0\.1:\d+\n$/);
  expect(wait.status).toBe(0);
  expect(cli.stdout).toMatch(/Connecting to cache \(REDIS_URL\):.*Disconnected from instance/s);

  const [policy, timeout, events, reset] = await Promise.all([
    heroku('redis:maxmemory', '--policy', 'allkeys-lru'),
    heroku('redis:timeout', '--seconds', '60'),
    heroku('redis:keyspace-notifications', '--config', 'AKE'),
    heroku('redis:stats-reset', '--confirm', 'my-app'),
  ]);
  expect(policy.stdout).toBe(
    'Maxmemory policy for cache (REDIS_URL) set to allkeys-lru.\nallkeys-lru removes less recently used keys first.\n',
  );
  expect(timeout.stdout).toContain('Timeout for cache (REDIS_URL) set to 60 seconds.');
  expect(events.stdout).toContain("set to 'AKE'");
  expect(reset.status).toBe(0);

  expect((await heroku('redis:credentials', '--reset')).stdout).toBe('Resetting credentials for cache\n');
  const after = await heroku('config:get', 'REDIS_URL');
  expect(after.stdout).toMatch(/^rediss:/);
  expect(after.stdout).not.toBe(before.stdout);
});
