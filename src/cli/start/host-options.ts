import type { Time } from '../../base/clock.js';
import { routerPort } from '../../config/dyno-env.js';
import type { Config } from '../../config/layers.js';
import type { Containment } from '../../dynos/contain/index.js';
import type { HostSetup } from '../../host/compose.js';
import type { Diagnostics } from '../../logs/pino.js';
import { dataFolder } from '../../tls/data-folder.js';
import type { Ending } from './ending.js';
import type { StartOptions } from './options.js';

/** The setup of the host that `start` runs. */
export function hostOptions(
  options: StartOptions,
  config: Config,
  world: {
    readonly time: Time;
    readonly containment: Containment;
    readonly ending: Ending;
    readonly ownLog: Diagnostics | undefined;
  },
): HostSetup {
  const { env } = process;
  const { time, containment, ending, ownLog } = world;
  return {
    env,
    time,
    timeouts: options.timeouts,
    containment,
    router: {
      ...(options.host === undefined ? {} : { host: options.host }),
      port: options.port ?? routerPort(config, env),
      isPortGiven: options.port !== undefined,
      dynoKeepAlive: options.dynoKeepAlive,
    },
    dataFolder: dataFolder(env),
    dir: options.place.dir,
    onStopRequest: () => ending.decide(0),
    onBug: (error) => {
      ownLog?.error({ error }, 'bug in the control API');
      throw error;
    },
  };
}
