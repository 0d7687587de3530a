import type { App } from '../../apps/app.js';
import { ok, type Route } from '../route.js';
import { ACCOUNT } from './account.js';
import { appOf, appReference } from './apps.js';
import { stableId } from './ids.js';
import { REGION, STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/** What Heroku has lists of, and an app in dynosim none. */
const NONE = [
  '/addons',
  '/addon-attachments',
  '/apps/:app/addons',
  '/apps/:app/addon-attachments',
  '/apps/:app/buildpack-installations',
  '/apps/:app/builds',
  '/apps/:app/sni-endpoints',
  '/apps/:app/webhooks',
  '/account/keys',
  '/users/~/keys',
  '/pipelines',
  '/spaces',
  '/teams',
];

/** https://devcenter.heroku.com/articles/platform-api-reference#domain */
function serializeDomain(app: App) {
  const created = apiTime(app.createdAt);
  return {
    acm_status: null,
    acm_status_reason: null,
    app: appReference(app),
    cname: null,
    created_at: created,
    hostname: `${app.name}.localhost`,
    id: stableId('domain', app.id),
    kind: 'heroku',
    sni_endpoint: null,
    status: 'none',
    updated_at: created,
  };
}

/** https://devcenter.heroku.com/articles/platform-api-reference#collaborator */
function serializeOwner(app: App) {
  const created = apiTime(app.createdAt);
  return {
    app: appReference(app),
    created_at: created,
    id: stableId('collaborator', app.id),
    permissions: ['deploy', 'manage', 'operate', 'view'].map((name) => ({ name, description: name })),
    role: 'owner',
    updated_at: created,
    user: { email: ACCOUNT.email, federated: false, id: ACCOUNT.id },
  };
}

/** What is around apps: most of it is the same for each. */
export const platformRoutes: readonly Route[] = [
  ...NONE.map((path): Route => ({ method: 'GET', path, handler: () => ok([]) })),
  { method: 'GET', path: '/regions', handler: () => ok([REGION]) },
  { method: 'GET', path: '/stacks', handler: () => ok([STACK]) },
  {
    method: 'GET',
    path: '/apps/:app/domains',
    handler: (control, request) => ok([serializeDomain(appOf(control, request))]),
  },
  {
    method: 'GET',
    path: '/apps/:app/collaborators',
    handler: (control, request) => ok([serializeOwner(appOf(control, request))]),
  },
  {
    // As the status site has it: nobody has a token for that. https://status.heroku.com
    method: 'GET',
    path: '/api/v4/current-status',
    isOpen: true,
    handler: () =>
      ok({
        status: ['Apps', 'Data', 'Tools'].map((system) => ({ system, status: 'green' })),
        incidents: [],
        scheduled: [],
      }),
  },
  {
    // What git asks first, and without a token; what is no JSON it shows to the user.
    method: 'GET',
    path: '/:repository/info/refs',
    isOpen: true,
    handler: () => ({
      status: 501,
      text: "dynosim does not simulate builds: it runs the files of the app's folder as they are.\n",
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  },
];
