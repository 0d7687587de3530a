import type { ServerDriver } from './driver.js';
import { PostgresDriver } from './postgres/driver.js';
import { RedisDriver } from './redis/driver.js';
import type { ServiceName } from './services.js';
import type { AddonsWorld } from './world.js';

/** How each service runs its servers; undefined for one that has none. */
export type Drivers = Readonly<Record<ServiceName, ServerDriver | undefined>>;

export function createDrivers(world: AddonsWorld): Drivers {
  return {
    'heroku-postgresql': new PostgresDriver(world),
    'heroku-redis': new RedisDriver(world),
    scheduler: undefined,
  };
}
