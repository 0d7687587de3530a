import { Dyno, type DynoOptions } from '../../src/dynos/dyno.js';
import type { fakeWorld } from './fake-world.js';

/** A dyno of a fake world, such as `web.1`. */
export function fakeDyno(
  { world, log, plan }: ReturnType<typeof fakeWorld>,
  type: string,
  changes: Partial<DynoOptions> = {},
): Dyno {
  const name = `${type}.1`;
  return new Dyno({
    type,
    name,
    world,
    log: log(name),
    plan: () => plan(type, name),
    hasPreboot: () => false,
    onCrash: () => {},
    otherListeners: () => [],
    ...changes,
  });
}
