import { rm } from 'node:fs/promises';
import { errorMessage, UserError } from '../base/errors.js';
import { Turns } from '../base/turns.js';
import type { AttachedApps } from './attached-apps.js';
import type { AddonView } from './control.js';
import type { AddonRecord } from './records.js';
import type { AddonServers } from './servers.js';
import type { AddonStore } from './store.js';
import type { AddonsWorld } from './world.js';

export interface ProvisioningOptions {
  readonly world: AddonsWorld;
  readonly store: AddonStore;
  readonly servers: AddonServers;
  readonly apps: AttachedApps;
  /** Called when an add-on and its jobs are gone. */
  onRemoved(): void;
}

/**
 * Creates add-ons, starts their servers, and removes them: in the background, one step at a time for each add-on. What
 * the end of dynosim interrupts continues at the next start.
 */
export class Provisioning {
  readonly #options: ProvisioningOptions;
  /** By the ID of the add-on. */
  readonly #turns = new Map<string, Turns>();
  /** The IDs of add-ons whose servers are starting. */
  readonly #starting = new Set<string>();
  readonly #failed: AddonView[] = [];
  #isClosing = false;

  constructor(options: ProvisioningOptions) {
    this.#options = options;
  }

  /** Starts all servers, and continues what was interrupted when the last host ended. */
  start(): void {
    const works = {
      provisioning: (addon: AddonRecord) => this.#create(addon),
      provisioned: (addon: AddonRecord) => this.#startServer(addon),
      deprovisioning: (addon: AddonRecord) => this.#remove(addon),
    };
    for (const addon of this.#options.store.addons)
      this.#inBackground(addon, () => works[addon.state](addon));
  }

  /** Creates an add-on that is recorded, and makes its releases. */
  create(addon: AddonRecord, attachment: string): void {
    const { world, apps } = this.#options;
    this.#inBackground(addon, async () => {
      try {
        await apps.release(world.app(addon.app), `Attach ${attachment} (@ref:${addon.name})`);
      } catch (error) {
        return this.#giveUp(addon, error);
      }
      await this.#create(addon);
    });
  }

  /** Removes an add-on with all its data. Does nothing if it is gone. */
  async destroy({ id }: AddonRecord): Promise<void> {
    const { store, servers } = this.#options;
    await store.updateAddon(id, { state: 'deprovisioning' });
    // Its turn would only come when the server takes connections.
    if (this.#starting.has(id)) await servers.stop({ id });
    await this.#turnsOf(id).take(async () => {
      const addon = store.find(id);
      if (addon) await this.#remove(addon);
    });
  }

  /** Resolves when nothing is being done about an add-on. */
  async settled(id: string): Promise<void> {
    await this.#turns.get(id)?.over();
  }

  /** An add-on that could not be created, by its name or ID. */
  failed(wanted: string): AddonView | undefined {
    return this.#failed.findLast(({ id, name }) => id === wanted || name === wanted);
  }

  /** Ends all servers; their data stays. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#options.servers.close();
    await Promise.all([...this.#turns.values()].map((turns) => turns.over()));
  }

  /** Makes the data of an add-on, and starts its server. If that fails, the add-on is removed. */
  async #create(addon: AddonRecord): Promise<void> {
    const { world, store, servers, apps } = this.#options;
    const driver = servers.driverOf(addon.service);
    const folder = store.dataOf(addon);
    try {
      // What a kill has left. What was making it may write on for a moment.
      await driver?.cleanUp?.({ addon, folder });
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
      await driver?.create({ addon, folder });
      if (!this.#isWanted(addon)) return;
      const isReady = await this.#startServer(addon);
      if (!this.#isWanted(addon)) return;
      if (!isReady) throw new UserError('NOT_READY', 'its server does not start');
      const at = new Date(world.time.wall()).toISOString();
      await store.updateAddon(addon.id, { state: 'provisioned', updated_at: at });
    } catch (error) {
      if (this.#isWanted(addon)) await this.#giveUp(addon, error);
      return;
    }
    await apps.announceCreated(addon);
    const remark = driver?.remarkOn?.(addon);
    if (remark !== undefined) world.app(addon.app)?.remark(remark);
  }

  /** Whether it is still to be created, and this dynosim goes on. */
  #isWanted({ id }: AddonRecord): boolean {
    return !this.#isClosing && this.#options.store.find(id)?.state === 'provisioning';
  }

  async #startServer(addon: AddonRecord): Promise<boolean> {
    if (this.#isClosing) return false;
    this.#starting.add(addon.id);
    try {
      return await this.#options.servers.start(addon);
    } finally {
      this.#starting.delete(addon.id);
    }
  }

  async #giveUp(addon: AddonRecord, error: unknown): Promise<void> {
    const { world, apps } = this.#options;
    const problem = errorMessage(error);
    this.#failed.push({ ...apps.view(addon), state: 'deprovisioned', problem });
    world.app(addon.app)?.remark(`${addon.name} was not created: ${problem}`);
    await this.#remove(addon);
    if (!(error instanceof UserError)) world.onBug(error);
  }

  async #remove(addon: AddonRecord): Promise<void> {
    const { store, servers, apps, onRemoved } = this.#options;
    await apps.detachAll(addon);
    await servers.stop(addon);
    const folder = store.dataOf(addon);
    await servers.driverOf(addon.service)?.cleanUp?.({ addon, folder });
    await rm(folder, { recursive: true, force: true });
    await store.update((record) => ({
      addons: record.addons.filter(({ id }) => id !== addon.id),
      jobs: record.jobs.filter((job) => job.addon !== addon.id),
      backup_schedules: record.backup_schedules.filter((schedule) => schedule.addon !== addon.id),
    }));
    this.#turns.delete(addon.id);
    onRemoved();
  }

  #inBackground(addon: AddonRecord, work: () => Promise<unknown>): void {
    const { world } = this.#options;
    this.#turnsOf(addon.id)
      .take(work)
      .catch((error: unknown) => {
        if (!(error instanceof UserError)) return world.onBug(error);
        // A full disk, most often. The next start continues.
        world.app(addon.app)?.remark(`${addon.name}: ${error.message}`);
      });
  }

  #turnsOf(id: string): Turns {
    const turns = this.#turns.get(id) ?? new Turns();
    this.#turns.set(id, turns);
    return turns;
  }
}
