import { appStateFolder, readToken, recallApiPort, stateFolder } from '../api/client/state-folder.js';
import { systemTime } from '../base/clock.js';
import { startContainment } from '../dynos/contain/index.js';
import { DEFAULTS } from './defaults.js';
import { type Host, type HostOptions, startHost } from './host.js';

/** The options of a host; everything except the environment has a default. */
export interface HostSetup extends Partial<Omit<HostOptions, 'shell' | 'router' | 'control' | 'isLinux'>> {
  /** The environment dynosim was started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly router?: Partial<HostOptions['router']>;
  readonly control?: Partial<HostOptions['control']>;
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
  const state = control?.stateFolder ?? stateFolder(env);
  return startHost({
    timeouts: DEFAULTS.timeouts,
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
    control: {
      preferredPort:
        control?.preferredPort ?? (dir === undefined ? undefined : recallApiPort(appStateFolder(state, dir))),
      isPortGiven: control?.isPortGiven ?? false,
      token: control?.token ?? readToken(state),
      stateFolder: state,
    },
  });
}
