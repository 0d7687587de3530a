import { randomInt, randomUUID } from 'node:crypto';
import { UserError } from '../base/errors.js';
import { enumerate } from '../base/wording.js';
import { AttachedApps } from './attached-apps.js';
import { Attaching } from './attaching.js';
import type { AddonControl, AddonView, AttachmentView, RedisControl } from './control.js';
import { createDrivers, type Drivers } from './drivers.js';
import { checkAddonName, inventAddonName } from './names.js';
import { PostgresOperations } from './postgres/operations.js';
import { Provisioning } from './provisioning.js';
import type { AddonRecord } from './records.js';
import { RedisOperations } from './redis/operations.js';
import type { NewAddon, NewAttachment } from './requests.js';
import { Scheduler } from './scheduler/scheduler.js';
import { AddonServers } from './servers.js';
import { findPlan, serviceOf } from './services.js';
import { AddonStore } from './store.js';
import type { Timetable } from './timetable.js';
import type { AddonApp, AddonsWorld } from './world.js';

/** The add-ons of a host. https://devcenter.heroku.com/articles/managing-add-ons */
export class Addons implements AddonControl {
  readonly postgres: PostgresOperations;
  readonly redis: RedisControl;
  readonly scheduler: Scheduler;
  readonly #world: AddonsWorld;
  readonly #store: AddonStore;
  readonly #servers: AddonServers;
  readonly #apps: AttachedApps;
  readonly #attaching: Attaching;
  readonly #provisioning: Provisioning;
  /** What happens at times of the platform. */
  readonly #timetables: readonly Pick<Timetable<never>, 'review' | 'settled' | 'close'>[];

  /** @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW` */
  constructor(world: AddonsWorld, drivers: Drivers = createDrivers(world)) {
    this.#world = world;
    const store = new AddonStore(world.folder);
    const apps = new AttachedApps({ world, store, valuesOf: (addon) => this.#servers.varsOf(addon) });
    this.#store = store;
    this.#apps = apps;
    const servers = new AddonServers({
      world,
      store,
      drivers,
      onMoved: (addon) => apps.announceChanged(addon),
      onLine: (addon, driver, line) => apps.log(addon, driver, line),
    });
    this.#servers = servers;
    this.#attaching = new Attaching({ world, store, apps });
    this.postgres = new PostgresOperations({ world, store, apps, servers });
    this.redis = new RedisOperations({ store, apps, servers });
    this.scheduler = new Scheduler({ world, store });
    this.#timetables = [this.scheduler.timetable, this.postgres.schedules.timetable];
    const onRemoved = (): void => this.#review();
    this.#provisioning = new Provisioning({ world, store, apps, servers, onRemoved });
  }

  /** Starts all servers, and continues what was interrupted when the last host ended. */
  start(): void {
    this.#provisioning.start();
    this.#review();
  }

  /** Gives an app the config vars of its add-ons when their servers take connections, before its dynos start. */
  async join(app: AddonApp): Promise<void> {
    await Promise.all(this.#apps.in(app).map(({ addon }) => this.#provisioning.settled(addon)));
    await this.#apps.join(app);
  }

  /** To be called after an app's first release of this start. */
  joined(app: AddonApp): Promise<void> {
    return this.#apps.joined(app);
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
    for (const timetable of this.#timetables) timetable.close();
    await this.#provisioning.close();
  }

  /** Resolves when all that platform time has started a moment ago has ended. */
  async timeSettled(): Promise<void> {
    await Promise.all(this.#timetables.map((timetable) => timetable.settled()));
  }

  async list(): Promise<readonly AddonView[]> {
    return this.#store.addons.map((addon) => this.#apps.view(addon));
  }

  async find(wanted: string): Promise<AddonView | undefined> {
    const addon = this.#store.find(wanted);
    return addon ? this.#apps.view(addon) : this.#provisioning.failed(wanted);
  }

  async attachments(): Promise<readonly AttachmentView[]> {
    return this.#store.attachments.map((attachment) => this.#apps.attachmentView(attachment));
  }

  async create(request: NewAddon): Promise<AddonView> {
    const app = this.#world.appNamed(request.app);
    const chosen = findPlan(request.plan);
    const rules = { isFirst: true, canReplace: false };
    const attachment = this.#attaching.nameFor(app, chosen.service, request, rules);
    this.#checkName(request.name);
    const driver = this.#servers.driverOf(chosen.service);
    const settings = (await driver?.plan(request.options ?? {}, (line) => app.remark(line))) ?? {};
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
      // The app may have been destroyed, or another add-on created, in the meantime.
      this.#world.appNamed(app.name);
      this.#checkName(name);
      this.#apps.requireFree(app, attachment);
      const attached = { id: randomUUID(), name: attachment, addon: addon.id, app: app.id, created_at: at };
      return { addons: [...addons, addon], attachments: [...attachments, attached] };
    });
    this.#provisioning.create(addon, attachment);
    return this.#apps.view(addon);
  }

  async settled(wanted: string): Promise<AddonView> {
    const id = this.#store.find(wanted)?.id ?? wanted;
    await this.#provisioning.settled(id);
    return this.#provisioning.failed(id) ?? this.#apps.view(this.#store.get(id));
  }

  async destroy(wanted: string, isForced = false): Promise<AddonView> {
    const addon = this.#store.get(wanted);
    const elsewhere = this.#apps.of(addon).filter(({ app }) => app !== addon.app);
    if (elsewhere.length > 0 && !isForced) {
      const apps = new Set(elsewhere.map((one) => this.#apps.attachmentView(one).app));
      throw new UserError(
        'ADDON_ATTACHED',
        `${addon.name} is also attached to ${enumerate([...apps])}`,
        'Use --force to destroy it anyway.',
      );
    }
    const view = this.#apps.view(addon);
    await this.#provisioning.destroy(addon);
    return { ...view, state: 'deprovisioned' };
  }

  async rename(wanted: string, name: string): Promise<AddonView> {
    const { id } = this.#store.get(wanted);
    await this.#store.update(({ addons }) => {
      this.#checkName(name);
      return { addons: addons.map((one) => (one.id === id ? { ...one, name } : one)) };
    });
    const renamed = this.#store.get(id);
    this.#apps.nameAnew(renamed);
    return this.#apps.view(renamed);
  }

  async upgrade(wanted: string, plan: string): Promise<AddonView> {
    const addon = this.#store.get(wanted);
    const { id, name, service } = addon;
    const chosen = findPlan(plan.includes(':') ? plan : `${service}:${plan}`);
    if (chosen.service !== service)
      throw new UserError('NO_SUCH_PLAN', `${name} belongs to ${service}, which has no plan ${plan}`);
    await this.#servers.apply({ ...addon, plan: chosen.plan });
    await this.#store.updateAddon(id, { plan: chosen.plan, updated_at: this.#now() });
    return this.#apps.view(this.#store.get(id));
  }

  attach(request: NewAttachment): Promise<AttachmentView> {
    return this.#attaching.attach(request);
  }

  detach(attachment: string): Promise<AttachmentView> {
    return this.#attaching.detach(attachment);
  }

  /** Follows what is due, after a change of the add-ons. */
  #review(): void {
    for (const timetable of this.#timetables) timetable.review();
  }

  /** @throws UserError `BAD_ADDON_NAME`, `NAME_TAKEN` */
  #checkName(name: string | undefined): void {
    if (name === undefined) return;
    checkAddonName(name);
    if (this.#store.find(name)) throw new UserError('NAME_TAKEN', `Name ${name} is already taken`);
  }

  #now(): string {
    return new Date(this.#world.time.wall()).toISOString();
  }
}
