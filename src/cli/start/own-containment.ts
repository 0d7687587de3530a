import { systemClock } from '../../base/clock.js';
import { type Containment, startContainment } from '../../dynos/contain/index.js';

/**
 * What this process starts dynos with; DYNOSIM_PORTABLE=1 asks for the portable way.
 * @throws UserError where no dyno could run
 */
export function startOwnContainment(): Promise<Containment> {
  const { env, platform } = process;
  const portable = env.DYNOSIM_PORTABLE === '1';
  return startContainment({ platform, path: env.PATH ?? '', portable, clock: systemClock });
}
