import { Attachments } from '../api/attach/attachments.js';
import { type ControlServer, startControlServer } from '../api/server/server.js';
import type { Host } from './host.js';
import { type ControlOptions, type ListenOptions, tlsOf } from './listen.js';

/** Starts the control API of a host. */
export function startHostApi(
  host: Host,
  options: ListenOptions,
  { preferredPort, isPortGiven = false, token, dashboardFile }: ControlOptions,
): Promise<ControlServer> {
  const { time, onBug } = options;
  const attachments = new Attachments(time.real);
  const deploys = host.kept?.deploys;
  const tls = tlsOf(host, options);
  return startControlServer({
    preferredPort,
    isPortGiven,
    token,
    instance: host.instance,
    control: host.control,
    loadRoutes: async () => {
      const { createRoutes } = await import('../api/server/routes.js');
      return createRoutes({
        time,
        attachments,
        token,
        instance: host.instance,
        ...(dashboardFile !== undefined && { dashboardFile }),
        ...(deploys && { git: deploys.server, sources: deploys.sources }),
      });
    },
    attachments,
    clock: time.real,
    ...(tls && { tls: { ...tls, now: time.wall } }),
    onBug,
  });
}
