import type { AttachmentView } from '../../addons/control.js';
import { NEW_ATTACHMENT } from '../../addons/requests.js';
import { planOf, resolveAttachments } from '../../addons/resolve.js';
import { nullable, object, text } from '../../base/shape.js';
import { type ApiRequest, appRoute, json, ok, type Route } from '../route.js';
import { missingResource } from '../server/errors.js';
import { planReference, serviceReference } from './addon-services.js';
import { type AddonWorld, addonWorldOf, appOfAddon, serializeAddon, wantedOf } from './addons.js';
import { apiTime } from './time.js';

/** What the CLI checks in a 404. */
const RESOURCE = 'add_on attachment';

/**
 * https://devcenter.heroku.com/articles/platform-api-reference#add-on-attachment, with what the CLI asks to be
 * included: `addon:plan,config_vars`.
 */
function serializeAttachment(attachment: AttachmentView, world: AddonWorld) {
  const addon = world.addons.find(({ name }) => name === attachment.addon);
  const created = apiTime(attachment.createdAt);
  const owner = addon?.app ?? attachment.app;
  return {
    addon: {
      id: addon?.id ?? '',
      name: attachment.addon,
      app: appOfAddon(owner, world),
      ...(addon && { plan: planReference(planOf(addon)) }),
    },
    ...(addon && { addon_service: serviceReference(addon.service) }),
    app: appOfAddon(attachment.app, world),
    config_vars: attachment.configVars,
    created_at: created,
    id: attachment.id,
    log_input_url: null,
    name: attachment.name,
    namespace: null,
    updated_at: created,
    web_url: addon ? serializeAddon(addon, world).web_url : null,
  };
}

async function list(
  request: ApiRequest,
  isWanted: (attachment: AttachmentView, world: AddonWorld) => boolean,
) {
  const world = await addonWorldOf(request);
  const found = world.attachments.filter((attachment) => isWanted(attachment, world));
  return ok(found.map((attachment) => serializeAttachment(attachment, world)));
}

/** @param app the name of the app whose attachment it is, if the path says so */
async function attachmentOf(request: ApiRequest, world: AddonWorld, app?: string): Promise<AttachmentView> {
  const wanted = request.params.attachment ?? '';
  const found = world.attachments.find(
    (one) => one.id === wanted || (one.app === app && one.name === wanted.toUpperCase()),
  );
  if (found) return found;
  throw missingResource('add-on attachment', RESOURCE);
}

async function view(request: ApiRequest, app?: string) {
  const world = await addonWorldOf(request);
  return ok(serializeAttachment(await attachmentOf(request, world, app), world));
}

const CREATE = object(
  { addon: object({ name: text }), app: object({ name: text }) },
  { name: nullable(text), confirm: nullable(text), namespace: nullable(text) },
);

async function attach(request: ApiRequest) {
  const { addon, app, name, confirm } = CREATE(identified(request.body), 'request');
  const wanted = {
    addon: addon.name,
    app: app.name,
    ...(name && { as: name }),
    ...(confirm && { confirm }),
  };
  const made = await request.control.addons.attach(NEW_ATTACHMENT(wanted, 'request'));
  return ok(serializeAttachment(made, await addonWorldOf(request)), 201);
}

/** The schema also takes `"addon": "name"`. */
function identified(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body).map(([key, value]) => [
    key,
    ['addon', 'app'].includes(key) && typeof value === 'string' ? { name: value } : value,
  ]);
  return Object.fromEntries(entries);
}

async function detach(request: ApiRequest) {
  const world = await addonWorldOf(request);
  const { id } = await attachmentOf(request, world);
  return ok(serializeAttachment(await request.control.addons.detach(id), world));
}

const RESOLVE = object({ addon_attachment: text }, { app: nullable(text), addon_service: nullable(text) });

async function resolve(request: ApiRequest) {
  const { addon_attachment, app, addon_service } = RESOLVE(request.body, 'request');
  const world = await addonWorldOf(request);
  const found = resolveAttachments(world, wantedOf(addon_attachment, app, addon_service));
  if (found.length === 0) throw missingResource('add-on attachment', RESOURCE);
  return ok(found.map((one) => serializeAttachment(one, world)));
}

export const addonAttachmentRoutes: readonly Route[] = [
  json('GET', '/addon-attachments', (request) => list(request, () => true)),
  json('POST', '/addon-attachments', attach),
  json('GET', '/addon-attachments/:attachment', (request) => view(request)),
  json('DELETE', '/addon-attachments/:attachment', detach),
  json('POST', '/actions/addon-attachments/resolve', resolve),
  json('GET', '/addons/:addon/addon-attachments', (request) =>
    list(request, ({ addon: name }, { addons }) => {
      const { addon: wanted } = request.params;
      return name === wanted || addons.some((addon) => addon.name === name && addon.id === wanted);
    }),
  ),
  appRoute('GET', '/addon-attachments', (request) => list(request, ({ app }) => app === request.view.name)),
  appRoute('GET', '/addon-attachments/:attachment', (request) => view(request, request.view.name)),
];
