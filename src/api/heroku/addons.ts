import type { AddonView, AttachmentView } from '../../addons/control.js';
import { NEW_ADDON } from '../../addons/requests.js';
import { planOf, resolveAddons, type Wanted } from '../../addons/resolve.js';
import { findPlan, serviceOf } from '../../addons/services.js';
import type { AppView } from '../../apps/views.js';
import { idOf } from '../../base/ids.js';
import { flag, nullable, object, record, type Shape, text } from '../../base/shape.js';
import { type ApiRequest, type AppRequest, appRoute, json, ok, type Route } from '../route.js';
import { missingResource } from '../server/errors.js';
import { planReference, serializePlan, serviceReference } from './addon-services.js';
import { appReference } from './apps.js';
import { apiTime } from './time.js';

/** The add-ons of a host, and the apps that they belong to. */
export interface AddonWorld {
  readonly addons: readonly AddonView[];
  readonly attachments: readonly AttachmentView[];
  /** By name. */
  readonly apps: ReadonlyMap<string, AppView>;
}

export async function addonWorldOf({ control }: Pick<ApiRequest, 'control'>): Promise<AddonWorld> {
  // A host that starts answers when it has loaded its apps.
  const apps = await control.apps();
  const [addons, attachments] = await Promise.all([control.addons.list(), control.addons.attachments()]);
  return { addons, attachments, apps: new Map(apps.map((app) => [app.name, app])) };
}

/** An app of an add-on as other resources refer to it. */
export function appOfAddon(name: string, { apps }: AddonWorld) {
  const app = apps.get(name);
  return app ? appReference(app) : { id: idOf('app', name), name };
}

/** https://devcenter.heroku.com/articles/platform-api-reference#add-on, with the plan expanded. */
export function serializeAddon(addon: AddonView, world: AddonWorld) {
  const { id, name, service, state, createdAt, updatedAt, configVars } = addon;
  const plan = planOf(addon);
  const { price } = serializePlan(plan);
  const app = appOfAddon(addon.app, world);
  const { docsUrl, message } = serviceOf(findPlan(plan).service);
  return {
    actions: [],
    addon_service: serviceReference(service),
    app,
    billed_price: { cents: price.cents, contract: price.contract, unit: price.unit },
    billing_entity: { ...app, type: 'app' },
    config_vars: configVars,
    created_at: apiTime(createdAt),
    id,
    name,
    plan: { ...planReference(plan), price },
    provider_id: id,
    ...(state === 'provisioning' && message !== undefined && { provision_message: message }),
    state,
    updated_at: apiTime(updatedAt),
    // Heroku has a page for each; here it is that of the service.
    web_url: docsUrl,
  };
}

/** By name or ID. @throws ApiError 404 */
async function addonOf({ control, params }: ApiRequest): Promise<AddonView> {
  const found = await control.addons.find(params.addon ?? '');
  if (found) return found;
  throw missingResource('add-on', 'add_on');
}

async function view(request: ApiRequest, addon: AddonView, status = 200) {
  return ok(serializeAddon(addon, await addonWorldOf(request)), status);
}

/** The real CLI sends `null` for what its user leaves out. */
const CREATE = object(
  { plan: object({ name: text }) },
  {
    attachment: nullable(object({}, { name: nullable(text) })),
    config: nullable(record(anyOption())),
    confirm: nullable(text),
    name: nullable(text),
  },
);

/** `--follow` alone is sent as true. */
function anyOption(): Shape<string> {
  return (value, where) => (value === true ? 'true' : text(value, where));
}

async function createAddon(request: AppRequest) {
  const { plan, attachment, config, confirm, name } = CREATE(request.body, 'request');
  const wanted = {
    app: request.view.name,
    plan: plan.name,
    ...(attachment?.name && { as: attachment.name }),
    ...(config && { options: config }),
    ...(confirm && { confirm }),
    ...(name && { name }),
  };
  const addon = await request.control.addons.create(NEW_ADDON(wanted, 'request'));
  return view(request, addon, 201);
}

const UPDATE = object({}, { name: nullable(text), plan: nullable(object({ name: text })) });

async function updateAddon(request: ApiRequest) {
  const { name, plan } = UPDATE(request.body, 'request');
  const { addons } = request.control;
  let addon = await addonOf(request);
  if (plan) addon = await addons.upgrade(addon.id, plan.name);
  if (name) addon = await addons.rename(addon.id, name);
  return view(request, addon);
}

const DESTROY = object({}, { force: nullable(flag) });

async function destroyAddon(request: ApiRequest) {
  const { force } = DESTROY(request.body ?? {}, 'request');
  const world = await addonWorldOf(request);
  const { id } = await addonOf(request);
  return ok(serializeAddon(await request.control.addons.destroy(id, force === true), world));
}

const RESOLVE = object({ addon: text }, { app: nullable(text), addon_service: nullable(text) });

async function resolve(request: ApiRequest) {
  const { addon, app, addon_service } = RESOLVE(request.body, 'request');
  const world = await addonWorldOf(request);
  const found = resolveAddons(world, wantedOf(addon, app, addon_service));
  if (found.length === 0) throw missingResource('add-on', 'add_on');
  return ok(found.map((one) => serializeAddon(one, world)));
}

/** Without `null`. */
export function wantedOf(
  wanted: string,
  app: string | null | undefined,
  service: string | null | undefined,
): Wanted {
  return { wanted, app: app ?? undefined, service: service ?? undefined };
}

async function list(request: ApiRequest) {
  const world = await addonWorldOf(request);
  return ok(world.addons.map((addon) => serializeAddon(addon, world)));
}

/**
 * An app's own add-ons, and those of other apps that it has attached: `heroku redis:info` finds both only here.
 * https://github.com/heroku/cli/pull/1572
 */
async function listOfApp(request: AppRequest) {
  const world = await addonWorldOf(request);
  const { name } = request.view;
  const attached = new Set(world.attachments.filter(({ app }) => app === name).map(({ addon }) => addon));
  const own = world.addons.filter((addon) => addon.app === name || attached.has(addon.name));
  return ok(own.map((addon) => serializeAddon(addon, world)));
}

/** An add-on by the app that owns it. @throws ApiError 404 */
async function ofApp<T>(request: AppRequest, answer: (request: AppRequest) => Promise<T>): Promise<T> {
  const { app } = await addonOf(request);
  if (app !== request.view.name) throw missingResource('add-on', 'add_on');
  return answer(request);
}

export const addonRoutes: readonly Route[] = [
  json('GET', '/addons', list),
  json('GET', '/addons/:addon', async (request) => view(request, await addonOf(request))),
  json('POST', '/actions/addons/resolve', resolve),
  appRoute('GET', '/addons', listOfApp),
  appRoute('POST', '/addons', createAddon),
  appRoute('GET', '/addons/:addon', (request) =>
    ofApp(request, async (one) => view(one, await addonOf(one))),
  ),
  appRoute('PATCH', '/addons/:addon', (request) => ofApp(request, updateAddon)),
  appRoute('DELETE', '/addons/:addon', (request) => ofApp(request, destroyAddon)),
];
