import { systemClock } from '../../base/clock.js';
import { type Containment, startContainment } from '../../dynos/contain/index.js';

/**
 * Starts the containment that runs this process's dynos; DYNOSIM_PORTABLE=1 asks for the portable one.
 * @throws UserError where no dyno could run
 */
export function startOwnContainment(): Promise<Containment> {
  const { env, platform } = process;
  const portable = env.DYNOSIM_PORTABLE === '1';
  return startContainment({ platform, path: env.PATH ?? '', portable, clock: systemClock });
}
