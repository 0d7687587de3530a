import { settingsOf } from '../../addons/postgres/settings.js';
import { readAddons } from '../../addons/store.js';
import type { ExportedAddon } from '../../export/app.js';

/**
 * The add-ons of an app, oldest first.
 * @param folder of the add-ons
 * @returns `shared`: a sentence for each add-on of another app, whose server is that app's
 * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
 */
export function readExportedAddons(
  folder: string,
  app: string,
): { readonly addons: readonly ExportedAddon[]; readonly shared: readonly string[] } {
  const { addons, attachments, jobs } = readAddons(folder);
  const own = addons.filter((addon) => addon.app === app && addon.state !== 'deprovisioning');
  const attached = attachments.filter((attachment) => attachment.app === app);
  for (const addon of own) if (addon.service === 'heroku-postgresql') settingsOf(addon);
  const foreign = attached.filter(({ addon: id }) => !own.some((addon) => addon.id === id));
  return {
    addons: own.map(({ id, name, service, plan, settings }) => ({
      name,
      service,
      plan,
      settings,
      attachments: attached.filter(({ addon }) => addon === id).map((attachment) => attachment.name),
      jobs: jobs
        .filter(({ addon }) => addon === id)
        .map(({ command, every, at }) => ({ command, every, at })),
    })),
    shared: foreign.map(
      ({ name }) =>
        `${name} is an add-on of another app: give this one its address, ${name}_URL, in config.env.`,
    ),
  };
}
