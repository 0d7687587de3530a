import { UserError } from '../../base/errors.js';
import type { AppFlags, HostConnection } from '../connect.js';
import { findAddonsOf } from './find.js';

/** Redis add-ons of an app, and the dynosim that has them. */
export interface FoundRedis extends HostConnection {
  /** Their names, at least one. */
  readonly names: readonly [string, ...string[]];
}

/**
 * The Redis add-ons that a user means: by name, attachment or config var; all of the app if none is named.
 * @throws UserError `NO_REDIS_ADDON` in the words of Heroku's CLI, and as `connect`
 */
export async function findRedisAddons(flags: AppFlags, wanted: string | undefined): Promise<FoundRedis> {
  const { addons, ...connection } = await findAddonsOf('heroku-redis', flags, wanted);
  const [first, ...others] = addons.map(({ name }) => name);
  if (first !== undefined) return { ...connection, names: [first, ...others] };
  const remedy = 'See them: dynosim addons. Create one: dynosim addons:create heroku-redis:mini';
  throw new UserError('NO_REDIS_ADDON', 'No Redis instances found.', remedy);
}

/** @throws UserError `NO_REDIS_ADDON`, `AMBIGUOUS_ADDON` in the words of Heroku's CLI */
export async function findRedisAddon(flags: AppFlags, wanted: string | undefined) {
  const { names, host } = await findRedisAddons(flags, wanted);
  const [name, ...others] = names;
  if (others.length === 0) return { name, redis: host.addons.redis, addons: host.addons };
  throw new UserError(
    'AMBIGUOUS_ADDON',
    `Please specify a single instance. Found: ${names.join(', ')}`,
    'Name one of them.',
  );
}
