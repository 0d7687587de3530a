import { randomInt, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { errorMessage, UserError } from '../base/errors.js';
import { AttachedApps } from './attached-apps.js';
import { attachmentName, requireConfirmation, varNames } from './attachments.js';
import type { AddonControl, AddonView, AttachmentView, PostgresControl, RedisControl } from './control.js';
import { createDrivers, type Drivers } from './drivers.js';
import { checkAddonName, inventAddonName } from './names.js';
import { PostgresOperations } from './postgres/operations.js';
import type { AddonRecord, AttachmentRecord } from './records.js';
import { RedisOperations } from './redis/operations.js';
import type { NewAddon, NewAttachment } from './requests.js';
import { Scheduler } from './scheduler/scheduler.js';
import { AddonServers } from './servers.js';
import { findPlan, type ServiceName, serviceOf } from './services.js';
import { AddonStore } from './store.js';
import type { AddonApp, AddonsWorld } from './world.js';

/** The add-ons of a host. https://devcenter.heroku.com/articles/managing-add-ons */
export class Addons implements AddonControl {
  readonly postgres: PostgresControl;
  readonly redis: RedisControl;
  readonly scheduler: Scheduler;
  readonly #world: AddonsWorld;
  readonly #store: AddonStore;
  readonly #servers: AddonServers;
  readonly #apps: AttachedApps;
  /** By the ID of the add-on: resolves when its server takes connections, or has failed to start. */
  readonly #starting = new Map<string, Promise<void>>();
  /** Add-ons that could not be created. */
  readonly #failed: AddonView[] = [];

  /** @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW` */
  constructor(world: AddonsWorld, drivers: Drivers = createDrivers(world)) {
    this.#world = world;
    const store = new AddonStore(world.folder);
    const apps = new AttachedApps({ world, store, valuesOf: (addon) => this.#servers.varsOf(addon) });
    this.#store = store;
    this.#apps = apps;
    this.#servers = new AddonServers({
      world,
      store,
      drivers,
      onMoved: (addon) => apps.announceChanged(addon),
      onLine: (addon, driver, line) => apps.log(addon, driver, line),
    });
    this.postgres = new PostgresOperations({ world, store, apps, servers: this.#servers });
    this.redis = new RedisOperations({ store, apps, servers: this.#servers });
    this.scheduler = new Scheduler({ world, store });
  }

  /** Starts all servers, and continues what was interrupted when the last host ended. */
  start(): void {
    const works = {
      provisioning: (addon: AddonRecord) => this.#provision(addon),
      provisioned: (addon: AddonRecord) => this.#servers.start(addon),
      deprovisioning: (addon: AddonRecord) => this.#remove(addon),
    };
    for (const addon of this.#store.addons) this.#track(addon, works[addon.state](addon));
    this.scheduler.review();
  }

  /** Gives an app the config vars of its add-ons when their servers take connections, before its dynos start. */
  async join(app: AddonApp): Promise<void> {
    await Promise.all(this.#apps.in(app).map(({ addon }) => this.#starting.get(addon)));
    await this.#apps.join(app);
  }

  /** Removes the add-ons of an app that is destroyed, and what it has attached. */
  async forget({ id }: Pick<AddonApp, 'id'>): Promise<void> {
    for (const addon of this.#store.addons.filter(({ app }) => app === id))
      await this.destroy(addon.id, true);
    await this.#store.update(({ attachments }) => ({
      attachments: attachments.filter(({ app }) => app !== id),
    }));
  }

  /** Ends all servers; their data stays. */
  async close(): Promise<void> {
    this.scheduler.close();
    await this.#servers.close();
    await Promise.all(this.#starting.values());
  }

  async list(): Promise<readonly AddonView[]> {
    return this.#store.addons.map((addon) => this.#apps.view(addon));
  }

  async find(wanted: string): Promise<AddonView | undefined> {
    const addon = this.#store.find(wanted);
    if (addon) return this.#apps.view(addon);
    return this.#failed.find(({ id, name }) => id === wanted || name === wanted);
  }

  async attachments(): Promise<readonly AttachmentView[]> {
    return this.#store.attachments.map((attachment) => this.#apps.attachmentView(attachment));
  }

  async create(request: NewAddon): Promise<AddonView> {
    const app = this.#world.appNamed(request.app);
    const chosen = findPlan(request.plan);
    const attachment = this.#attachmentFor(app, chosen.service, request, true);
    this.#checkName(request.name);
    const settings = (await this.#servers.driverOf(chosen.service)?.plan(request.options ?? {})) ?? {};
    const { prefix } = serviceOf(chosen.service);
    const name = request.name ?? inventAddonName(prefix, randomInt, (one) => !this.#store.find(one));
    const at = this.#now();
    const addon: AddonRecord = {
      ...chosen,
      id: randomUUID(),
      name,
      app: app.id,
      state: 'provisioning',
      created_at: at,
      updated_at: at,
      port: null,
      settings,
    };
    await this.#store.update(({ addons, attachments }) => {
      // Another one may have been created in the meantime.
      this.#checkName(name);
      this.#apps.requireFree(app, attachment);
      const attached = { id: randomUUID(), name: attachment, addon: addon.id, app: app.id, created_at: at };
      return { addons: [...addons, addon], attachments: [...attachments, attached] };
    });
    const announced = this.#apps.release(app, `Attach ${attachment} (@ref:${name})`);
    const provisioned = announced.then(() => this.#provision(addon));
    this.#track(addon, provisioned);
    return this.#apps.view(addon);
  }

  async settled(wanted: string): Promise<AddonView> {
    await this.#starting.get(this.#store.find(wanted)?.id ?? '');
    const addon = await this.find(wanted);
    return addon ?? this.#apps.view(this.#store.get(wanted));
  }

  async destroy(wanted: string, isForced = false): Promise<AddonView> {
    const addon = this.#store.get(wanted);
    const elsewhere = this.#apps.of(addon).find(({ app }) => app !== addon.app);
    if (elsewhere && !isForced)
      throw new UserError(
        'ADDON_ATTACHED',
        `${addon.name} is also attached to ${this.#apps.attachmentView(elsewhere).app}`,
        'Use --force to destroy it anyway.',
      );
    const view = this.#apps.view(addon);
    await this.#store.updateAddon(addon.id, { state: 'deprovisioning' });
    await this.#starting.get(addon.id);
    await this.#remove(addon);
    return { ...view, state: 'deprovisioned' };
  }

  async rename(wanted: string, name: string): Promise<AddonView> {
    const { id } = this.#store.get(wanted);
    await this.#store.update(({ addons }) => {
      this.#checkName(name);
      return { addons: addons.map((one) => (one.id === id ? { ...one, name } : one)) };
    });
    return this.#apps.view(this.#store.get(id));
  }

  async upgrade(wanted: string, plan: string): Promise<AddonView> {
    const { id, name, service } = this.#store.get(wanted);
    const chosen = findPlan(plan.includes(':') ? plan : `${service}:${plan}`);
    if (chosen.service !== service)
      throw new UserError('NO_SUCH_PLAN', `${name} belongs to ${service}, which has no plan ${plan}`);
    await this.#store.updateAddon(id, { plan: chosen.plan, updated_at: this.#now() });
    const changed = this.#store.get(id);
    await this.#servers.apply(changed);
    return this.#apps.view(changed);
  }

  async attach(request: NewAttachment): Promise<AttachmentView> {
    const addon = this.#store.get(request.addon);
    const app = this.#world.appNamed(request.app);
    const isConfirmed = request.confirm === app.name;
    const name = this.#attachmentFor(app, addon.service, request, false, isConfirmed);
    const replaced = this.#apps.in(app).find((one) => one.name === name);
    if (replaced) await this.#detach(replaced);
    const record = { id: randomUUID(), name, addon: addon.id, app: app.id, created_at: this.#now() };
    await this.#store.update(({ attachments }) => ({ attachments: [...attachments, record] }));
    await this.#apps.release(app, `Attach ${name} (@ref:${addon.name})`);
    return this.#apps.attachmentView(record);
  }

  async detach(wanted: string): Promise<AttachmentView> {
    const attachment = this.#store.attachments.find(({ id }) => id === wanted);
    // Both are in the words of Heroku's API.
    if (!attachment) throw new UserError('NO_SUCH_ATTACHMENT', "Couldn't find that add-on attachment.");
    const { name, app, ...addon } = this.#store.get(attachment.addon);
    const owned = this.#apps.of(addon).filter((one) => one.app === app);
    if (attachment.app === app && owned.length === 1) {
      const what = `last attachment to billing app for resource ${name}`;
      throw new UserError('LAST_ATTACHMENT', `Cannot destroy ${what}`);
    }
    const view = this.#apps.attachmentView(attachment);
    await this.#detach(attachment);
    return view;
  }

  async #detach({ id, name, addon, app }: AttachmentRecord): Promise<void> {
    const { name: ref } = this.#store.get(addon);
    await this.#store.update(({ attachments }) => ({
      attachments: attachments.filter((one) => one.id !== id),
    }));
    await this.#apps.release(this.#world.app(app), `Detach ${name} (@ref:${ref})`);
  }

  /**
   * The name of a new attachment.
   * @param isFirst whether it may be the service's own: `DATABASE`
   * @param replaces whether it may be that of another attachment
   * @throws UserError `BAD_ATTACHMENT_NAME`, `ATTACHMENT_TAKEN`, `CONFIRMATION_REQUIRED`
   */
  #attachmentFor(
    app: AddonApp,
    service: ServiceName,
    { as: wanted, confirm }: Pick<NewAddon, 'as' | 'confirm'>,
    isFirst: boolean,
    replaces = false,
  ): string {
    const taken = this.#apps.namesIn(app);
    const name = attachmentName({ wanted, service, taken, isFirst, random: randomInt });
    if (!replaces) this.#apps.requireFree(app, name);
    requireConfirmation(name, varNames(name, serviceOf(service)), app, confirm);
    return name;
  }

  /** @throws UserError `BAD_ADDON_NAME`, `NAME_TAKEN` */
  #checkName(name: string | undefined): void {
    if (name === undefined) return;
    checkAddonName(name);
    if (this.#store.find(name)) throw new UserError('NAME_TAKEN', `Name ${name} is already taken`);
  }

  /** Makes the data of an add-on, and starts its server. If that fails, the add-on is removed. */
  async #provision(addon: AddonRecord): Promise<void> {
    const folder = this.#store.dataOf(addon);
    try {
      await rm(folder, { recursive: true, force: true });
      await this.#servers.driverOf(addon.service)?.create({ addon, folder });
      if (!(await this.#servers.start(addon))) throw new UserError('NOT_READY', 'its server does not start');
      await this.#store.updateAddon(addon.id, { state: 'provisioned', updated_at: this.#now() });
    } catch (error) {
      if (!(error instanceof UserError)) this.#world.onBug(error);
      const problem = errorMessage(error);
      this.#world.app(addon.app)?.remark(`${addon.name} was not created: ${problem}`);
      this.#failed.push({ ...this.#apps.view(addon), state: 'deprovisioned', problem });
      return this.#remove(addon);
    }
    await this.#apps.announceCreated(addon);
    const remark = this.#servers.driverOf(addon.service)?.remarkOn?.(addon);
    if (remark !== undefined) this.#world.app(addon.app)?.remark(remark);
  }

  async #remove(addon: AddonRecord): Promise<void> {
    for (const attachment of this.#apps.of(addon)) await this.#detach(attachment);
    await this.#servers.stop(addon);
    await this.#servers.driverOf(addon.service)?.cleanUp?.({ addon, folder: this.#store.dataOf(addon) });
    await rm(this.#store.dataOf(addon), { recursive: true, force: true });
    await this.#store.update(({ addons, jobs }) => ({
      addons: addons.filter(({ id }) => id !== addon.id),
      jobs: jobs.filter((job) => job.addon !== addon.id),
    }));
    this.scheduler.review();
  }

  #track({ id }: AddonRecord, work: unknown): void {
    const tracked = Promise.resolve(work)
      .then(() => {}, this.#world.onBug)
      .finally(() => this.#starting.get(id) === tracked && this.#starting.delete(id));
    this.#starting.set(id, tracked);
  }

  #now(): string {
    return new Date(this.#world.time.wall()).toISOString();
  }
}
