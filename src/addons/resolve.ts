import type { AddonView, AttachmentView } from './control.js';

/** What a user calls an add-on, and where. */
export interface Wanted {
  /** A name, an ID, an attachment (`DATABASE`), its config var (`DATABASE_URL`), a service, or `app::name`. */
  readonly wanted: string;
  /** The app that attachments and services belong to; left out: any. */
  readonly app?: string | undefined;
  /** Only of this service. */
  readonly service?: string | undefined;
}

interface AllAddons {
  readonly addons: readonly AddonView[];
  readonly attachments: readonly AttachmentView[];
}

/**
 * The add-ons that a user may mean, as `/actions/addons/resolve` of Heroku's API finds them: by their own name or ID,
 * else by an attachment, else by their service.
 */
export function resolveAddons({ addons, attachments }: AllAddons, request: Wanted): readonly AddonView[] {
  const { wanted, app } = inApp(request);
  const isMeant = ({ service }: AddonView): boolean =>
    request.service === undefined || service === request.service;
  const of = (owner: string): boolean => app === undefined || owner === app;
  const named = addons.filter((addon) => isMeant(addon) && (addon.name === wanted || addon.id === wanted));
  if (named.length > 0) return named;
  const attached = resolveAttachments({ addons, attachments }, { ...request, wanted, app });
  const names = new Set(attached.map(({ addon }) => addon));
  if (names.size > 0) return addons.filter(({ name }) => names.has(name));
  return addons.filter(
    (addon) => isMeant(addon) && of(addon.app) && [addon.service, planOf(addon)].includes(wanted),
  );
}

/**
 * The attachments that a user may mean, as `/actions/addon-attachments/resolve` of Heroku's API finds them: by their
 * name, ID or config var, else by their add-on.
 */
export function resolveAttachments(
  { addons, attachments }: AllAddons,
  request: Wanted,
): readonly AttachmentView[] {
  const { wanted, app } = inApp(request);
  const services = new Map(addons.map(({ name, service }) => [name, service]));
  const candidates = attachments.filter(
    (attachment) =>
      (app === undefined || attachment.app === app) &&
      (request.service === undefined || services.get(attachment.addon) === request.service),
  );
  const name = wanted.toUpperCase();
  const direct = candidates.filter(
    (attachment) => attachment.id === wanted || [attachment.name, ...attachment.configVars].includes(name),
  );
  if (direct.length > 0) return direct;
  const ids = new Set(addons.filter(({ id }) => id === wanted).map((addon) => addon.name));
  return candidates.filter(({ addon }) => addon === wanted || ids.has(addon));
}

/** `heroku-postgresql:essential-0` */
export function planOf({ service, plan }: Pick<AddonView, 'service' | 'plan'>): string {
  return `${service}:${plan}`;
}

/** Reads `app::name`. */
function inApp({ wanted, app }: Wanted): Pick<Wanted, 'wanted' | 'app'> {
  const [owner, name] = wanted.split('::');
  return name === undefined || owner === undefined ? { wanted, app } : { wanted: name, app: owner };
}
