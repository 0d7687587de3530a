import type { Time } from '../../base/clock.js';
import type { Containment } from '../../dynos/contain/index.js';
import type { HostSetup } from '../../host/compose.js';
import { addonFolders } from '../../host/host-addons.js';
import { dataFolder } from '../../tls/data-folder.js';
import type { PlatformOptions } from './options.js';

/**
 * The setup of the host that `start` or `host` runs.
 * @param of the `home` of the app that it runs, as in `AppIdentity`, or its state folder
 */
export function hostSetup(
  { timeouts, cycleAfterMs, host, dynoKeepAlive, isStrict }: PlatformOptions,
  router: { readonly port: number; readonly isPortGiven: boolean },
  of: string,
  world: { readonly time: Time; readonly containment: Containment; onStopRequest(): void },
): HostSetup {
  const { env } = process;
  const { time, containment, onStopRequest } = world;
  return {
    env,
    time,
    timeouts,
    cycleAfterMs,
    containment,
    router: { ...router, ...(host !== undefined && { host }), dynoKeepAlive },
    dataFolder: dataFolder(env),
    addons: { ...addonFolders(env, of), isStrict },
    onStopRequest,
  };
}
