import { findRedis } from '../../src/addons/redis/program.js';

/** The Redis server that tests run; undefined if this machine has none. */
export const REDIS = find();

/** Why tests are skipped. */
export const NO_REDIS = 'needs Redis: Debian package redis-server';

function find(): string | undefined {
  try {
    return findRedis(process.env);
  } catch {
    return undefined;
  }
}
