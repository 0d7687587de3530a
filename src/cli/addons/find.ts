import type { AddonView, AttachmentView } from '../../addons/control.js';
import { resolveAddons } from '../../addons/resolve.js';
import { UserError } from '../../base/errors.js';
import { type AppFlags, type Connection, connect } from '../connect.js';

/** An add-on that a user has named, and the dynosim that has it. */
export interface FoundAddon extends Connection {
  readonly addon: AddonView;
  /** Of all add-ons. */
  readonly attachments: readonly AttachmentView[];
}

/**
 * Finds an add-on by its name, an attachment of the app (`DATABASE`), or its service.
 * @param service finds it only among those of this service
 * @throws UserError `NO_SUCH_ADDON`, `AMBIGUOUS_ADDON`, and as `connect`
 */
export async function findAddon(flags: AppFlags, wanted: string, service?: string): Promise<FoundAddon> {
  const connection = await connect(flags);
  const { addons: control } = connection.host;
  const [addons, attachments] = await Promise.all([control.list(), control.attachments()]);
  const all = { addons, attachments };
  const here = resolveAddons(all, { wanted, app: connection.app.name, service });
  const found = here.length > 0 ? here : resolveAddons(all, { wanted, service });
  const [addon, ...others] = found;
  if (!addon)
    throw new UserError('NO_SUCH_ADDON', "Couldn't find that add-on.", 'See them: dynosim addons --all');
  if (others.length === 0) return { ...connection, addon, attachments };
  const names = found.map(({ name }) => name).join(', ');
  throw new UserError(
    'AMBIGUOUS_ADDON',
    `Ambiguous identifier; multiple matching add-ons found: ${names}.`,
    'Name one of them.',
  );
}
