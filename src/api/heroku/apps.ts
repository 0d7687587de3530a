import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { ControlApi } from '../control.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { stableId } from './ids.js';
import { notSimulated } from './not-simulated.js';
import { REGION, STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/**
 * The app that a request is about, by name or id.
 * @throws ApiError 404
 */
export function appOf({ apps }: ControlApi, { params }: ApiRequest): App {
  const wanted = params.app;
  const found = apps.find(({ name, id }) => name === wanted || id === wanted);
  if (found) return found;
  throw notFound('app');
}

/** An app, in the few words in which other resources refer to it. */
export function appReference({ id, name }: App): { readonly id: string; readonly name: string } {
  return { id, name };
}

/** https://devcenter.heroku.com/articles/platform-api-reference#app */
function serializeApp(control: ControlApi, app: App, { origin }: ApiRequest) {
  const created = apiTime(app.createdAt);
  const stack = { id: STACK.id, name: STACK.name };
  return {
    acm: false,
    archived_at: null,
    build_stack: stack,
    buildpack_provided_description: null,
    created_at: created,
    create_status: 'complete',
    // Not in the schema, but what the CLI tells the generations apart by.
    generation: { id: stableId('generation'), name: 'cedar' },
    // Heroku's CLI knows the app's remotes by it.
    git_url: `${origin.replace(/^http:/, 'https:')}/${app.name}.git`,
    id: app.id,
    internal_routing: false,
    maintenance: app.isInMaintenance,
    name: app.name,
    organization: null,
    owner: { email: ACCOUNT.email, id: ACCOUNT.id },
    process_tier: app.dynos.sizeOf('web').toLowerCase(),
    region: { id: REGION.id, name: REGION.name },
    released_at: apiTime(app.release.createdAt),
    repo_size: null,
    slug_size: null,
    space: null,
    stack,
    team: null,
    updated_at: created,
    web_url: `${control.urlOf(app)}/`,
  } satisfies Heroku.App;
}

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps',
    handler: (control, request) => ok(control.apps.map((app) => serializeApp(control, app, request))),
  },
  {
    method: 'GET',
    path: '/users/~/apps',
    handler: (control, request) => ok(control.apps.map((app) => serializeApp(control, app, request))),
  },
  {
    method: 'GET',
    path: '/apps/:app',
    handler: (control, request) => ok(serializeApp(control, appOf(control, request), request)),
  },
  {
    method: 'PATCH',
    path: '/apps/:app',
    handler(control, request) {
      const app = appOf(control, request);
      const { maintenance } = bodyObject(request);
      if (typeof maintenance !== 'boolean') throw notSimulated('PATCH', `/apps/${app.name}`);
      app.setMaintenance(maintenance);
      return ok(serializeApp(control, app, request));
    },
  },
];
