import { expect, test } from 'vitest';
import { NO_REDIS, REDIS } from '../helpers/redis.js';
import { startHeroku } from './heroku-world.js';

test.skipIf(!REDIS)(`a Redis add-on (${NO_REDIS})`, async () => {
  const { heroku } = await startHeroku();
  const created = await heroku('addons:create', 'heroku-redis:mini', '--name', 'cache', '--wait');
  expect(created).toMatchObject({ status: 0 });
  expect((await heroku('redis:wait')).status).toBe(0);

  const info = await heroku('redis:info');
  expect(info.stdout).toMatch(
    /=== cache \(REDIS_URL\)\n\nPlan: +Mini\nStatus: +Available\n.*\nVersion: .*\nTimeout: +300\nMaxmemory: +noeviction\n.*\nPersistence: +None\n/,
  );
  const { stdout } = await heroku('redis:info', '--json');
  expect(JSON.parse(stdout)).toMatchObject([{ name: 'cache', plan: 'mini', config_vars: ['REDIS_URL'] }]);

  expect((await heroku('redis:maxmemory', '--policy', 'allkeys-lru')).stdout).toBe(
    'Maxmemory policy for cache (REDIS_URL) set to allkeys-lru.\nallkeys-lru removes less recently used keys first.\n',
  );
  expect((await heroku('redis:timeout', '--seconds', '60')).stdout).toContain(
    'Timeout for cache (REDIS_URL) set to 60 seconds.',
  );
  expect((await heroku('redis:keyspace-notifications', '--config', 'AKE')).stdout).toContain("set to 'AKE'");
  expect((await heroku('redis:stats-reset', '--confirm', 'my-app')).status).toBe(0);

  const before = await heroku('redis:credentials');
  expect(before.stdout).toMatch(/^rediss:\/\/:p[0-9a-f]{64}@127\.0\.0\.1:\d+\n$/);
  expect((await heroku('redis:credentials', '--reset')).stdout).toBe('Resetting credentials for cache\n');
  const after = await heroku('redis:credentials');
  expect(after.stdout).not.toBe(before.stdout);
  expect((await heroku('config:get', 'REDIS_URL')).stdout).toBe(after.stdout);
  expect((await heroku('redis:cli')).stdout).toMatch(
    /Connecting to cache \(REDIS_URL\):.*Disconnected from instance/s,
  );
});
