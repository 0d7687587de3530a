import type { AppView } from '../../apps/views.js';
import { idOf } from '../../base/ids.js';
import { appRoute, json, ok, type Route } from '../route.js';
import { ACCOUNT } from './account.js';
import { appReference } from './apps.js';
import { REGION, STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/** Lists that are always empty in dynosim. */
const NONE = [
  '/apps/:app/sni-endpoints',
  '/apps/:app/webhooks',
  '/account/keys',
  '/users/~/keys',
  '/pipelines',
  '/spaces',
  '/teams',
];

/** https://devcenter.heroku.com/articles/platform-api-reference#collaborator */
function serializeOwner(app: AppView) {
  const created = apiTime(app.createdAt);
  return {
    app: appReference(app),
    created_at: created,
    id: idOf('collaborator', app.id),
    permissions: ['deploy', 'manage', 'operate', 'view'].map((name) => ({ name, description: name })),
    role: 'owner',
    updated_at: created,
    user: { email: ACCOUNT.email, federated: false, id: ACCOUNT.id },
  };
}

/** Routes around apps, mostly the same for each app. */
export const platformRoutes: readonly Route[] = [
  ...NONE.map((path) => json('GET', path, () => ok([]))),
  json('GET', '/regions', () => ok([REGION])),
  json('GET', '/stacks', () => ok([STACK])),
  appRoute('GET', '/collaborators', ({ view }) => ok([serializeOwner(view)])),
  // A route of https://status.heroku.com, which needs no token.
  json(
    'GET',
    '/api/v4/current-status',
    () =>
      ok({
        status: ['Apps', 'Data', 'Tools'].map((system) => ({ system, status: 'green' })),
        incidents: [],
        scheduled: [],
      }),
    'public',
  ),
  {
    // git's first request, without a token. git shows plain text to the user, but not JSON.
    method: 'GET',
    path: '/:repository/info/refs',
    access: 'public',
    page: () => ({
      status: 501,
      text: "!\tdynosim start runs the files in the app's folder as they are. To push to apps: dynosim host\n",
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  },
];
