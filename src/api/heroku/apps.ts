import type * as Heroku from '@heroku-cli/schema';
import type { AppView } from '../../apps/views.js';
import { type ApiRequest, appRoute, bodyObject, json, ok, type Route } from '../route.js';
import { ACCOUNT } from './account.js';
import { stableId } from './ids.js';
import { notSimulated } from './not-simulated.js';
import { REGION, STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/** An app, in the few words in which other resources refer to it. */
export function appReference({ id, name }: AppView): { readonly id: string; readonly name: string } {
  return { id, name };
}

/** https://devcenter.heroku.com/articles/platform-api-reference#app */
function serializeApp(app: AppView, { origin }: ApiRequest) {
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
    process_tier: app.size.toLowerCase(),
    region: { id: REGION.id, name: REGION.name },
    released_at: apiTime(app.releasedAt),
    repo_size: null,
    slug_size: null,
    space: null,
    stack,
    team: null,
    updated_at: created,
    web_url: `${app.url}/`,
  } satisfies Heroku.App;
}

async function listApps(request: ApiRequest) {
  return ok((await request.control.apps()).map((app) => serializeApp(app, request)));
}

export const appRoutes: readonly Route[] = [
  json('GET', '/apps', listApps),
  json('GET', '/users/~/apps', listApps),
  appRoute('GET', '', (request) => ok(serializeApp(request.view, request))),
  appRoute('PATCH', '', async (request) => {
    const { maintenance } = bodyObject(request);
    if (typeof maintenance !== 'boolean') throw notSimulated('PATCH', `/apps/${request.app.name}`);
    await request.app.setMaintenance(maintenance);
    return ok(serializeApp(await request.app.info(), request));
  }),
];
