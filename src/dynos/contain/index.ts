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
  StartedTree,
  TerminalSize,
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

/**
 * Chooses the best way this system has to end all processes of a dyno.
 * @throws UserError where no dyno could run: on Windows, or without bash
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
      'Dynos are run by bash, as on Heroku, and there is none in PATH',
      'Install it, for example with "apt-get install bash" or "apk add bash".',
    );
  const startPortable = async (why: string): Promise<Containment> => {
    // Loading it would only keep the guard waiting.
    const { PortableContainment } = await import('./portable.js');
    const canFindTree = findProgram(platform === 'darwin' ? 'pgrep' : 'ps', path) !== undefined;
    return new PortableContainment({ clock, why, canFindTree });
  };
  if (portable) return startPortable('it was asked for');
  if (platform !== 'linux') return startPortable('this is not Linux');
  try {
    return await GuardContainment.start(path, clock);
  } catch (error) {
    if (!(error instanceof GuardUnavailable)) throw error;
    return startPortable(`the guard cannot run here (${error.message})`);
  }
}
