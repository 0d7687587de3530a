import type * as Heroku from '@heroku-cli/schema';
import type { AppView } from '../../apps/views.js';
import { UserError } from '../../base/errors.js';
import { idOf } from '../../base/ids.js';
import { nullable, object, text } from '../../base/shape.js';
import { type ApiRequest, type AppRequest, appRoute, bodyObject, json, ok, type Route } from '../route.js';
import { invalidParams } from '../server/errors.js';
import { ACCOUNT } from './account.js';
import { notSimulated } from './not-simulated.js';
import { REGION, STACK } from './platform-facts.js';
import { apiTime } from './time.js';

/** An app as other resources refer to it. */
export function appReference({ id, name }: AppView): { readonly id: string; readonly name: string } {
  return { id, name };
}

/** Where the app is pushed to. Heroku's CLI recognizes the app's git remotes by it. */
export function gitUrl({ name }: AppView, origin: string): string {
  return `${origin.replace(/^http:/, 'https:')}/${name}.git`;
}

/** https://devcenter.heroku.com/articles/platform-api-reference#app */
function serializeApp(app: AppView, { origin }: ApiRequest, repoBytes: number | null = null) {
  const created = apiTime(app.createdAt);
  const stack = { id: STACK.id, name: STACK.name };
  return {
    acm: false,
    archived_at: null,
    build_stack: stack,
    buildpack_provided_description: app.language ?? null,
    created_at: created,
    create_status: 'complete',
    // Not in the schema, but the CLI tells Cedar and Fir apps apart by it.
    generation: { id: idOf('generation'), name: 'cedar' },
    git_url: gitUrl(app, origin),
    id: app.id,
    internal_routing: false,
    maintenance: app.isInMaintenance,
    name: app.name,
    organization: null,
    owner: { email: ACCOUNT.email, id: ACCOUNT.id },
    process_tier: app.size.toLowerCase(),
    region: { id: REGION.id, name: REGION.name },
    released_at: apiTime(app.releasedAt),
    repo_size: repoBytes,
    slug_size: app.slugBytes ?? null,
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

const NEW_APP = object({}, { name: nullable(text), stack: nullable(text) });

async function createApp(request: ApiRequest) {
  const { name, stack } = NEW_APP(request.body ?? {}, 'request');
  if (stack) requireStack(stack);
  const view = await request.control.createApp(name ? { name } : {});
  return ok(serializeApp(view, request), 201);
}

/** @throws ApiError 422 */
function requireStack(stack: string): void {
  if (stack === STACK.name || stack === STACK.id) return;
  throw invalidParams(`dynosim simulates the stack ${STACK.name} only.`);
}

async function updateApp(request: AppRequest) {
  const { app, view, control } = request;
  const { maintenance, name, build_stack: stack } = bodyObject(request);
  if (typeof name === 'string') return ok(serializeApp(await control.renameApp(view.name, name), request));
  if (typeof stack === 'string') requireStack(stack);
  else if (typeof maintenance === 'boolean') await app.setMaintenance(maintenance);
  else throw notSimulated('PATCH', `/apps/${app.name}`);
  return ok(serializeApp(await app.info(), request));
}

async function destroyApp(request: AppRequest) {
  const { control, view } = request;
  const { state } = await control.info();
  // It would only stop: nothing of it is dynosim's.
  if (state === undefined)
    throw new UserError('ONE_APP', `${view.name} is the app of a folder. To stop it: dynosim stop`);
  await control.destroyApp(view.name);
  return ok(serializeApp(view, request));
}

export const appRoutes: readonly Route[] = [
  json('POST', '/apps', createApp),
  json('GET', '/apps', listApps),
  json('GET', '/users/~/apps', listApps),
  appRoute('GET', '', async (request) =>
    ok(serializeApp(request.view, request, await request.app.repoBytes())),
  ),
  appRoute('PATCH', '', updateApp),
  appRoute('DELETE', '', destroyApp),
];
