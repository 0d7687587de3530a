import type { Clock } from '../../base/clock.js';
import type { Containment } from './containment.js';
import { GuardContainment, GuardUnavailable } from './guard.js';
import { PortableContainment } from './portable.js';

export type {
  Containment,
  Listening,
  ProcessTree,
  StartedTree,
  TerminalSize,
  TreeInput,
  TreeSignal,
  TreeSpec,
} from './containment.js';

export interface ContainmentOptions {
  /** `process.platform` */
  readonly platform: NodeJS.Platform;
  /** PATH, to find perl and bash. */
  readonly path: string;
  /** Use the portable way even where the better one works. */
  readonly portable: boolean;
  readonly clock: Clock;
}

/** Chooses the best way this system has to end all processes of a dyno. */
export async function startContainment(options: ContainmentOptions): Promise<Containment> {
  const { platform, path, portable, clock } = options;
  if (portable) return new PortableContainment(clock, 'it was asked for');
  if (platform !== 'linux') return new PortableContainment(clock, 'this is not Linux');
  try {
    return await GuardContainment.start(path, clock);
  } catch (error) {
    if (!(error instanceof GuardUnavailable)) throw error;
    return new PortableContainment(clock, `the guard cannot run here (${error.message})`);
  }
}
