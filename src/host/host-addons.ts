import { existsSync } from 'node:fs';
import type { Addons } from '../addons/addons.js';
import type {
  AddonControl,
  AddonView,
  AttachmentView,
  PostgresControl,
  RedisControl,
  SchedulerControl,
} from '../addons/control.js';
import { addonsFile, addonsFolder } from '../addons/folder.js';
import type { NewAddon, NewAttachment } from '../addons/requests.js';
import type { AddonApp, AddonsWorld } from '../addons/world.js';
import { cacheFolder } from '../api/client/state-folder.js';
import { dataFolder } from '../tls/data-folder.js';

/**
 * Where the add-ons of a host are kept.
 * @param of the folder of the app that it runs, or its state folder
 */
export function addonFolders(env: NodeJS.ProcessEnv, of: string) {
  const data = dataFolder(env);
  return { folder: addonsFolder(data, of), cacheFolder: cacheFolder(env), authorityFolder: data };
}

/** The add-ons of a host. Loads their code when there are any, or the first one is created. */
export class HostAddons implements AddonControl {
  readonly #world: AddonsWorld;
  #loading: Promise<Addons> | undefined;
  #isClosed = false;

  constructor(world: AddonsWorld) {
    this.#world = world;
  }

  /**
   * Gives an app the config vars of its add-ons when their servers take connections, before its dynos start.
   * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
   */
  async join(app: AddonApp): Promise<void> {
    await (await this.#loadIfAny())?.join(app);
  }

  /** To be called after an app's first release of this start. */
  async joined(app: AddonApp): Promise<void> {
    await (await this.#loading)?.joined(app);
  }

  /** Removes the add-ons of an app that is destroyed. */
  async forget(app: Pick<AddonApp, 'id'>): Promise<void> {
    await (await this.#loadIfAny())?.forget(app);
  }

  /** Ends all servers. Resolves when none of their processes is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const addons = await this.#loading?.catch(() => undefined);
    await addons?.close();
  }

  /** Resolves when all that platform time has started a moment ago has ended, or takes long. */
  async timeSettled(): Promise<void> {
    await (await this.#loading?.catch(() => undefined))?.timeSettled();
  }

  async list(): Promise<readonly AddonView[]> {
    return (await this.#loadIfAny())?.list() ?? [];
  }

  async find(wanted: string): Promise<AddonView | undefined> {
    return (await this.#loadIfAny())?.find(wanted);
  }

  async attachments(): Promise<readonly AttachmentView[]> {
    return (await this.#loadIfAny())?.attachments() ?? [];
  }

  readonly postgres: PostgresControl = {
    info: async (addon) => (await this.#load()).postgres.info(addon),
    rotate: async (addon) => (await this.#load()).postgres.rotate(addon),
    reset: async (addon, extensions) => (await this.#load()).postgres.reset(addon, extensions),
    killAll: async (addon) => (await this.#load()).postgres.killAll(addon),
    transfers: async () => (await this.#loadIfAny())?.postgres.transfers() ?? [],
    capture: async (addon) => (await this.#load()).postgres.capture(addon),
    restore: async (request) => (await this.#load()).postgres.restore(request),
    removeBackup: async (id) => (await this.#load()).postgres.removeBackup(id),
    backupSchedules: async (addon) => (await this.#load()).postgres.backupSchedules(addon),
    scheduleBackups: async (schedule) => (await this.#load()).postgres.scheduleBackups(schedule),
    unscheduleBackups: async (addon, id) => (await this.#load()).postgres.unscheduleBackups(addon, id),
  };

  readonly redis: RedisControl = {
    info: async (addon) => (await this.#load()).redis.info(addon),
    configure: async (changes) => (await this.#load()).redis.configure(changes),
    rotate: async (addon) => (await this.#load()).redis.rotate(addon),
    resetStats: async (addon) => (await this.#load()).redis.resetStats(addon),
  };

  readonly scheduler: SchedulerControl = {
    jobs: async (app) => (await this.#load()).scheduler.jobs(app),
    add: async (job) => (await this.#load()).scheduler.add(job),
    remove: async (app, id) => (await this.#load()).scheduler.remove(app, id),
  };

  create = async (request: NewAddon) => (await this.#load()).create(request);

  settled = async (addon: string) => (await this.#load()).settled(addon);

  destroy = async (addon: string, isForced?: boolean) => (await this.#load()).destroy(addon, isForced);

  rename = async (addon: string, name: string) => (await this.#load()).rename(addon, name);

  upgrade = async (addon: string, plan: string) => (await this.#load()).upgrade(addon, plan);

  attach = async (request: NewAttachment) => (await this.#load()).attach(request);

  detach = async (attachment: string) => (await this.#load()).detach(attachment);

  async #loadIfAny(): Promise<Addons | undefined> {
    return this.#loading || existsSync(addonsFile(this.#world.folder)) ? this.#load() : undefined;
  }

  #load(): Promise<Addons> {
    this.#loading ??= import('../addons/addons.js').then((loaded) => {
      const addons = new loaded.Addons(this.#world);
      if (!this.#isClosed) addons.start();
      return addons;
    });
    return this.#loading;
  }
}
