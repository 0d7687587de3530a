import type { AddonView, AttachmentView } from '../../addons/control.js';
import { resolveAddons } from '../../addons/resolve.js';
import type { ServiceName } from '../../addons/services.js';
import { UserError } from '../../base/errors.js';
import { type AppFlags, type Connection, connect } from '../connect.js';

/** An add-on that a user has named, and the dynosim that has it. */
export interface FoundAddon extends Connection {
  readonly addon: AddonView;
  /** Of all add-ons. */
  readonly attachments: readonly AttachmentView[];
}

/** The add-ons of a service that a user means, and the dynosim that has them. */
export interface FoundAddons extends Connection {
  readonly addons: readonly AddonView[];
}

/**
 * Finds add-ons of a service: by name, attachment or config var, or all that the app owns or has attached.
 * @throws UserError as `connect`
 */
export async function findAddonsOf(
  service: ServiceName,
  flags: AppFlags,
  wanted: string | undefined,
): Promise<FoundAddons> {
  const { connection, addons, attachments } = await allAddons(flags);
  const app = connection.app.name;
  if (wanted !== undefined)
    return { ...connection, addons: resolveAddons({ addons, attachments }, { wanted, app, service }) };
  const attached = new Set(attachments.filter((one) => one.app === app).map(({ addon }) => addon));
  const here = addons.filter((one) => one.service === service && attached.has(one.name));
  return { ...connection, addons: here };
}

async function allAddons(flags: AppFlags) {
  const connection = await connect(flags);
  const { addons: control } = connection.host;
  const [addons, attachments] = await Promise.all([control.list(), control.attachments()]);
  return { connection, addons, attachments };
}

/**
 * Finds an add-on by its name, an attachment of the app (`DATABASE`), or its service.
 * @throws UserError `NO_SUCH_ADDON`, `AMBIGUOUS_ADDON`, and as `connect`
 */
export async function findAddon(flags: AppFlags, wanted: string): Promise<FoundAddon> {
  const { connection, ...all } = await allAddons(flags);
  const here = resolveAddons(all, { wanted, app: connection.app.name });
  const found = here.length > 0 ? here : resolveAddons(all, { wanted });
  const [addon, ...others] = found;
  if (!addon)
    throw new UserError('NO_SUCH_ADDON', "Couldn't find that add-on.", 'See them: dynosim addons --all');
  if (others.length === 0) return { ...connection, addon, attachments: all.attachments };
  const names = found.map(({ name }) => name).join(', ');
  throw new UserError(
    'AMBIGUOUS_ADDON',
    `Ambiguous identifier; multiple matching add-ons found: ${names}.`,
    'Name one of them.',
  );
}
