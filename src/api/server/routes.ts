import type { Time } from '../../base/clock.js';
import type { GitServer } from '../../git/server.js';
import type { Attachments } from '../attach/attachments.js';
import { createDashboardRoutes, openToSessions } from '../dashboard/routes.js';
import { DashboardSessions } from '../dashboard/sessions.js';
import { addonOperationRoutes } from '../dynosim/addons.js';
import { createAppRoutes } from '../dynosim/apps.js';
import { createHostRoutes } from '../dynosim/host.js';
import { createGitRoutes } from '../git.js';
import { accountRoutes } from '../heroku/account.js';
import { addonAttachmentRoutes } from '../heroku/addon-attachments.js';
import { addonServiceRoutes } from '../heroku/addon-services.js';
import { addonRoutes } from '../heroku/addons.js';
import { appRoutes } from '../heroku/apps.js';
import { buildpackRoutes } from '../heroku/buildpacks.js';
import { buildRoutes } from '../heroku/builds.js';
import { configVarRoutes } from '../heroku/config-vars.js';
import { postgresRoutes } from '../heroku/data-postgres.js';
import { redisRoutes } from '../heroku/data-redis.js';
import { domainRoutes } from '../heroku/domains.js';
import { createDynoRoutes } from '../heroku/dynos.js';
import { featureRoutes } from '../heroku/features.js';
import { formationRoutes } from '../heroku/formation.js';
import { logDrainRoutes } from '../heroku/log-drains.js';
import { createLogRoutes } from '../heroku/log-sessions.js';
import { createLoginRoutes } from '../heroku/login.js';
import { platformRoutes } from '../heroku/platform.js';
import { releaseRoutes } from '../heroku/releases.js';
import { slugRoutes } from '../heroku/slugs.js';
import { createSourceRoutes, type SourceStore } from '../heroku/sources.js';
import { instanceSecrets } from '../instance-secrets.js';
import type { Route } from '../route.js';
import { LoginCodes } from './login-codes.js';

export interface RoutesOptions {
  readonly time: Pick<Time, 'real' | 'wall'>;
  /** Holds dynos that wait for their clients. */
  readonly attachments: Attachments;
  /** The user's. */
  readonly token: string;
  /** Unique per start. */
  readonly instance: string;
  /** Accepts pushes. Undefined: the host does not. */
  readonly git?: GitServer;
  /** Where source code is uploaded to. Left out: nothing can be built. */
  readonly sources?: SourceStore;
  /** Where the sessions of the dashboard's pages are kept. Left out: there is no dashboard. */
  readonly dashboardFile?: string;
}

export function createRoutes(options: RoutesOptions): readonly Route[] {
  const { time, token, dashboardFile: file } = options;
  const routes = ownRoutes(options);
  if (file === undefined) return routes;
  const sessions = new DashboardSessions({ clock: time.real, wall: time.wall, file, token });
  return openToSessions([...createDashboardRoutes(sessions), ...routes], sessions);
}

function ownRoutes({ time, attachments, token, instance, git, sources }: RoutesOptions): readonly Route[] {
  return [
    // Before the route that tells git that this host does not accept pushes.
    ...(git ? createGitRoutes(git) : []),
    ...accountRoutes,
    ...appRoutes,
    ...formationRoutes,
    ...createDynoRoutes(attachments),
    ...configVarRoutes,
    ...releaseRoutes,
    ...slugRoutes,
    ...buildRoutes,
    ...(sources ? createSourceRoutes(sources) : []),
    ...createLogRoutes(time),
    ...logDrainRoutes,
    ...buildpackRoutes,
    ...postgresRoutes,
    ...domainRoutes,
    ...featureRoutes,
    ...addonRoutes,
    ...addonAttachmentRoutes,
    ...addonServiceRoutes,
    ...redisRoutes,
    ...platformRoutes,
    ...createLoginRoutes({ token, codes: new LoginCodes(time.real), clock: time.real }),
    ...createHostRoutes(attachments, instanceSecrets(token, instance)),
    ...createAppRoutes(attachments),
    ...addonOperationRoutes,
  ];
}
