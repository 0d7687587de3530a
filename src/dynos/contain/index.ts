import type { Clock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import type { Containment } from './containment.js';
import { GuardContainment } from './guard.js';
import { GuardUnavailable } from './guard-process.js';

export type {
  Containment,
  Listening,
  ProcessTree,
  TerminalSize,
  TreeSignal,
  TreeSpec,
} from './containment.js';
export { besideTree, whyNoOverlay } from './overlay.js';

export interface ContainmentOptions {
  /** `process.platform` */
  readonly platform: NodeJS.Platform;
  /** PATH, to find perl and bash. */
  readonly path: string;
  /** Use the portable way even if the guard works. */
  readonly portable: boolean;
  readonly clock: Clock;
}

/**
 * Chooses the system's best way to end all processes of a dyno.
 * @throws UserError if dynos cannot run: on Windows, or without bash
 */
export async function startContainment(options: ContainmentOptions): Promise<Containment> {
  const { platform, path, portable, clock } = options;
  if (platform === 'win32')
    throw new UserError(
      'WINDOWS',
      'Dynos need Linux or macOS, and this is Windows',
      'Run dynosim inside WSL ("wsl --install" sets it up), with the app in a folder of WSL.',
    );
  if (findProgram('bash', path) === undefined)
    throw new UserError(
      'NO_BASH',
      'Dynos need bash, as on Heroku, but it is not in PATH',
      'Install it, for example with "apt-get install bash" or "apk add bash".',
    );
  const startPortable = async (why: string): Promise<Containment> => {
    // Loaded on demand, so as not to delay the guard.
    const { PortableContainment } = await import('./portable.js');
    const canFindTree = findProgram(platform === 'darwin' ? 'pgrep' : 'ps', path) !== undefined;
    return new PortableContainment({ clock, why, canFindTree });
  };
  if (portable) return startPortable('this was requested');
  if (platform !== 'linux') return startPortable('this is not Linux');
  try {
    return await GuardContainment.start(path, clock);
  } catch (error) {
    if (!(error instanceof GuardUnavailable)) throw error;
    return startPortable(error.message);
  }
}
