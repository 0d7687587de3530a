import { randomInt, randomUUID } from 'node:crypto';
import { UserError } from '../base/errors.js';
import type { AttachedApps } from './attached-apps.js';
import { attachmentName, requireConfirmation, varNames } from './attachments.js';
import type { AttachmentView } from './control.js';
import type { AddonRecord, AttachmentRecord } from './records.js';
import type { NewAddon, NewAttachment } from './requests.js';
import { type ServiceName, serviceOf } from './services.js';
import type { AddonStore } from './store.js';
import type { AddonApp, AddonsWorld } from './world.js';

export interface AttachingOptions {
  readonly world: Pick<AddonsWorld, 'app' | 'appNamed' | 'time'>;
  readonly store: AddonStore;
  readonly apps: AttachedApps;
}

/** Attaches add-ons to apps under more names, and detaches them. */
export class Attaching {
  readonly #options: AttachingOptions;

  constructor(options: AttachingOptions) {
    this.#options = options;
  }

  /** @throws UserError as `AddonControl.attach` */
  async attach(request: NewAttachment): Promise<AttachmentView> {
    const { world, store, apps } = this.#options;
    const { id, name: ref, service } = store.get(request.addon);
    const app = world.appNamed(request.app);
    const canReplace = request.confirm === app.name;
    const name = this.nameFor(app, service, request, { isFirst: false, canReplace });
    const at = new Date(world.time.wall()).toISOString();
    const record = { id: randomUUID(), name, addon: id, app: app.id, created_at: at };
    let replaced: AttachmentRecord | undefined;
    await store.update(({ attachments }) => {
      // Others may have changed the add-ons in the meantime.
      requireThere(store.get(id));
      replaced = apps.in(app).find((one) => one.name === name);
      if (replaced && !canReplace) apps.requireFree(app, name);
      if (replaced) this.#requireAnother(replaced);
      return { attachments: [...attachments.filter((one) => one !== replaced), record] };
    });
    if (replaced) await apps.release(app, `Detach ${name} (@ref:${store.find(replaced.addon)?.name})`);
    await apps.release(app, `Attach ${name} (@ref:${ref})`);
    return apps.attachmentView(record);
  }

  /** @throws UserError as `AddonControl.detach` */
  async detach(wanted: string): Promise<AttachmentView> {
    const { world, store, apps } = this.#options;
    const find = (): AttachmentRecord => {
      const found = store.attachments.find(({ id }) => id === wanted);
      // The wording of Heroku's API.
      if (!found) throw new UserError('NO_SUCH_ATTACHMENT', "Couldn't find that add-on attachment.");
      return found;
    };
    const attachment = find();
    const view = apps.attachmentView(attachment);
    await store.update(({ attachments }) => {
      this.#requireAnother(find());
      return { attachments: attachments.filter(({ id }) => id !== wanted) };
    });
    await apps.release(world.app(attachment.app), `Detach ${view.name} (@ref:${view.addon})`);
    return view;
  }

  /**
   * The name of a new attachment.
   * @param rules whether it may be the service's own (`DATABASE`), and whether it may be that of another attachment
   * @throws UserError `BAD_ATTACHMENT_NAME`, `ATTACHMENT_TAKEN`, `CONFIRMATION_REQUIRED`
   */
  nameFor(
    app: AddonApp,
    service: ServiceName,
    { as: wanted, confirm }: Pick<NewAddon, 'as' | 'confirm'>,
    { isFirst, canReplace }: { readonly isFirst: boolean; readonly canReplace: boolean },
  ): string {
    const { apps } = this.#options;
    const name = attachmentName({ wanted, service, taken: apps.namesIn(app), isFirst, random: randomInt });
    if (!canReplace) apps.requireFree(app, name);
    requireConfirmation(name, varNames(name, serviceOf(service)), app, confirm);
    return name;
  }

  /** @throws UserError `LAST_ATTACHMENT` in the words of Heroku's API */
  #requireAnother(attachment: AttachmentRecord): void {
    const { store, apps } = this.#options;
    const { name, app, ...addon } = store.get(attachment.addon);
    const owned = apps.of(addon).filter((one) => one.app === app);
    if (attachment.app !== app || owned.length > 1) return;
    const message = `Cannot destroy last attachment to billing app for resource ${name}`;
    throw new UserError('LAST_ATTACHMENT', message);
  }
}

/** @throws UserError `NO_SUCH_ADDON` for an add-on that is being destroyed */
function requireThere({ state }: AddonRecord): void {
  if (state !== 'deprovisioning') return;
  throw new UserError('NO_SUCH_ADDON', "Couldn't find that add-on.");
}
