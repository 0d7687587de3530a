import type { Time } from '../base/clock.js';
import type { RealTimeouts } from '../base/limits.js';
import type { Router } from '../router/server.js';
import type { TlsOptions } from '../tls/front.js';
import type { Host } from './host.js';
import { startRouterOnPort } from './router-port.js';

export interface ListenOptions {
  readonly time: Time;
  readonly timeouts: RealTimeouts;
  readonly router: {
    /** Default: 127.0.0.1 and ::1. */
    readonly host?: string;
    readonly port: number;
    /** Whether the user chose the port: then it is an error if it is taken. */
    readonly isPortGiven: boolean;
    readonly dynoKeepAlive: boolean;
  };
  /**
   * The control API. Undefined: there is none, other processes do not find the host's apps, and any number of hosts may
   * run the app of one folder.
   */
  readonly control: ControlOptions | undefined;
  /**
   * The folder of the user's certificate authority, created if necessary: router and control API then also accept TLS
   * on their ports. `dynosim trust` looks for it in `$XDG_DATA_HOME/dynosim`.
   */
  readonly dataFolder?: string;
  /** Called with unexpected errors. */
  onBug(error: unknown): void;
}

export interface ControlOptions {
  readonly preferredPort: number | undefined;
  /** Whether it is an error if the preferred port is taken. */
  readonly isPortGiven?: boolean;
  readonly token: string;
  /** Where other processes find running apps: `stateFolder()`. */
  readonly stateFolder: string;
  /** Where the sessions of the dashboard's pages are kept. Left out: there is no dashboard. */
  readonly dashboardFile?: string;
}

/**
 * Starts the router of a host.
 * @throws UserError if it cannot listen
 */
export function startHostRouter(host: Host, options: ListenOptions): Promise<Router> {
  const { time, timeouts, router } = options;
  const { isPortGiven, ...where } = router;
  const tls = tlsOf(host, options);
  return startRouterOnPort(
    {
      ...where,
      ...(tls && { tls }),
      ...(host.loaded && { ready: host.loaded }),
      ...(host.kept && { listApps: () => host.apps.map(({ name }) => ({ name, url: host.urlOf(name) })) }),
      time,
      timeouts,
      findApp: (hostname) => host.kept?.ofDomain(hostname) ?? host.registry.ofHost(hostname)?.app,
    },
    isPortGiven,
  );
}

/** The TLS of a host's ports; undefined: they have none. */
export function tlsOf(host: Host, { dataFolder }: ListenOptions): TlsOptions | undefined {
  return dataFolder === undefined
    ? undefined
    : { folder: dataFolder, onProblem: (line) => host.remark(line) };
}
