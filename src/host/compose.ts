import { appStateFolder, readToken, recallApiPort, stateFolder } from '../api/client/state-folder.js';
import { systemTime } from '../base/clock.js';
import { startContainment } from '../dynos/contain/index.js';
import { DEFAULTS } from './defaults.js';
import { type Host, type HostOptions, startHost } from './host.js';
import type { ControlOptions } from './listen.js';

/** The options of a host; everything except the environment has a default. */
export interface HostSetup extends Partial<Omit<HostOptions, 'shell' | 'router' | 'control' | 'isLinux'>> {
  /** The environment dynosim was started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly router?: Partial<HostOptions['router']>;
  /** `none`: see `ListenOptions.control`. */
  readonly control?: Partial<ControlOptions> | 'none';
  /** The folder of an app whose last API port is used again, if it is free. */
  readonly dir?: string;
}

/**
 * Starts a host without apps.
 * @throws UserError if it cannot listen, or dynos cannot run
 */
export async function openHost(setup: HostSetup): Promise<Host> {
  const { env, time = systemTime(DEFAULTS.speed), router, control, dir, ...rest } = setup;
  const { platform } = process;
  const containment =
    setup.containment ??
    (await startContainment({ platform, path: env.PATH ?? '', portable: false, clock: time.real }));
  return startHost({
    timeouts: DEFAULTS.timeouts,
    cycleAfterMs: DEFAULTS.cycleAfterMs,
    onStopRequest: () => {},
    onBug: (error) => {
      throw error;
    },
    ...rest,
    time,
    containment,
    isLinux: platform === 'linux',
    shell: env,
    router: { port: 0, isPortGiven: true, dynoKeepAlive: DEFAULTS.dynoKeepAlive, ...router },
    control: control === 'none' ? undefined : controlOptions(env, dir, control),
  });
}

function controlOptions(
  env: NodeJS.ProcessEnv,
  dir: string | undefined,
  given: Partial<ControlOptions> = {},
): ControlOptions {
  const { stateFolder: state = stateFolder(env), preferredPort, isPortGiven, token } = given;
  return {
    ...given,
    preferredPort:
      preferredPort ?? (dir === undefined ? undefined : recallApiPort(appStateFolder(state, dir))),
    isPortGiven: isPortGiven ?? false,
    token: token ?? readToken(state),
    stateFolder: state,
  };
}
