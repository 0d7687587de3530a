import { UserError } from '../base/errors.js';
import { type Attached, type Config, nameOrigin } from '../config/layers.js';
import { varNames } from './attachments.js';
import type { AddonView, AttachmentView } from './control.js';
import type { ServerDriver, ServerLine, Settings } from './driver.js';
import type { AddonRecord, AttachmentRecord } from './records.js';
import { planOf } from './resolve.js';
import { type ServiceName, serviceOf } from './services.js';
import type { AddonStore } from './store.js';
import type { AddonApp, AddonsWorld } from './world.js';

export interface AttachedAppsOptions {
  readonly world: Pick<AddonsWorld, 'app'>;
  readonly store: AddonStore;
  /** The values of an add-on's config vars, by the end of their names; empty before it is ready. */
  valuesOf(addon: AddonRecord): Settings;
}

/** What apps get of their add-ons: config vars, releases and log lines. */
export class AttachedApps {
  readonly #options: AttachedAppsOptions;
  /** The IDs of add-ons whose values changed before the first release of their app. */
  readonly #changedEarly = new Set<string>();

  constructor(options: AttachedAppsOptions) {
    this.#options = options;
  }

  /** The attachments in an app. */
  in({ id }: Pick<AddonApp, 'id'>): readonly AttachmentRecord[] {
    return this.#options.store.attachments.filter(({ app }) => app === id);
  }

  /** The attachments of an add-on. */
  of({ id }: Pick<AddonRecord, 'id'>): readonly AttachmentRecord[] {
    return this.#options.store.attachments.filter(({ addon }) => addon === id);
  }

  /** The names of the attachments in an app. */
  namesIn(app: Pick<AddonApp, 'id'>): readonly string[] {
    return this.in(app).map(({ name }) => name);
  }

  /** @throws UserError `ATTACHMENT_TAKEN` in Heroku's words */
  requireFree(app: Pick<AddonApp, 'id'>, name: string): void {
    if (!this.namesIn(app).includes(name)) return;
    throw new UserError('ATTACHMENT_TAKEN', `An attachment named ${name} already exists`);
  }

  /** What an app gets from its add-ons. */
  attachedTo(app: Pick<AddonApp, 'id'>): Attached {
    const { store, valuesOf } = this.#options;
    const vars = new Map(
      this.in(app).flatMap((attachment) => {
        const addon = store.get(attachment.addon);
        const from = { kind: 'addon', name: addon.name } as const;
        return Object.entries(valuesOf(addon)).map(
          ([suffix, value]) => [`${attachment.name}_${suffix}`, { value, from }] as const,
        );
      }),
    );
    const addons = new Set(this.in(app).map(({ addon }) => store.get(addon)));
    return { vars, plans: [...addons].map(planOf).sort() };
  }

  /** Makes a release in an app. */
  async release(app: AddonApp | undefined, description: string, by?: string): Promise<void> {
    await app?.change({ attached: () => this.attachedTo(app), description, ...(by !== undefined && { by }) });
  }

  /** Makes the releases after an add-on has been created: its config vars are set. */
  async announceCreated(addon: AddonRecord): Promise<void> {
    const { world } = this.#options;
    for (const { app, name } of this.of(addon)) {
      const names = varNames(name, serviceOf(addon.service));
      const setting = names.length > 0 ? `, setting ${names.join(', ')}.` : '.';
      const description = `@ref:${addon.name} completed provisioning${setting}`;
      await this.release(world.app(app), description, userOf(addon.service));
    }
  }

  /** Makes the releases after the values of an add-on's config vars have changed: another port, another password. */
  async announceChanged(addon: AddonRecord): Promise<void> {
    const { world } = this.#options;
    for (const { app: id, name } of this.of(addon)) {
      const app = world.app(id);
      if (app?.releasedVars()) await this.#releaseChanged(app, name, addon);
      // Before its first release of this start, an app gets the values when it joins.
      else this.#changedEarly.add(addon.id);
    }
  }

  /** To be called after an app's first release of this start: makes the releases that had to wait for it. */
  async joined(app: AddonApp): Promise<void> {
    const changed = this.in(app).filter(({ addon }) => this.#changedEarly.has(addon));
    for (const { name, addon } of changed)
      await this.#releaseChanged(app, name, this.#options.store.get(addon));
  }

  #releaseChanged(app: AddonApp, attachment: string, { service }: AddonRecord): Promise<void> {
    return this.release(app, `Update ${attachment} by ${service}`, userOf(service));
  }

  /** Gives an app the present values before its dynos start. */
  async join(app: AddonApp): Promise<void> {
    const attached = this.attachedTo(app);
    const released = app.releasedVars();
    app.adopt(attached);
    warnOfHidden(app, attached.vars);
    const change = released && firstChange(released, attached.vars);
    if (!change) return;
    const { name, addon, isGone } = change;
    const record = this.#options.store.find(addon);
    if (isGone || !record) return this.release(app, `Detach ${name} (@ref:${addon})`);
    return this.#releaseChanged(app, name, record);
  }

  /** Detaches an add-on from all apps, with a release in each. */
  async detachAll(addon: AddonRecord): Promise<void> {
    const { world, store } = this.#options;
    const attached = this.of(addon);
    await store.update(({ attachments }) => ({
      attachments: attachments.filter((one) => one.addon !== addon.id),
    }));
    for (const { app, name } of attached)
      await this.release(world.app(app), `Detach ${name} (@ref:${addon.name})`);
  }

  /** Makes the apps of an add-on know its new name. Config vars keep their values. */
  nameAnew(addon: AddonRecord): void {
    for (const { app: id } of this.of(addon)) {
      const app = this.#options.world.app(id);
      app?.adopt(this.attachedTo(app));
    }
  }

  /** Passes on a line of an add-on's server. */
  log(
    addon: AddonRecord,
    { process, tag }: Pick<ServerDriver, 'process' | 'tag'>,
    { log, remark }: Pick<ServerLine, 'log' | 'remark'>,
  ): void {
    // One line in each app, under the service's own name if it has that.
    const names = new Map<string, string>();
    for (const { app, name } of this.of(addon))
      if (!names.has(app) || name === serviceOf(addon.service).attachment) names.set(app, name);
    for (const [id, name] of names) {
      const app = this.#options.world.app(id);
      if (log !== undefined) app?.logServer(process, `[${tag === 'addon' ? addon.name : name}] ${log}`);
      if (remark !== undefined) app?.remark(remark);
    }
  }

  view({ id, name, service, plan, state, app, created_at, updated_at }: AddonRecord): AddonView {
    const owned = this.of({ id }).filter((one) => one.app === app);
    return {
      id,
      name,
      service,
      plan,
      app: this.#nameOf(app),
      state,
      createdAt: Date.parse(created_at),
      updatedAt: Date.parse(updated_at),
      configVars: owned.flatMap((attachment) => varNames(attachment.name, serviceOf(service))),
    };
  }

  attachmentView({ id, name, addon, app, created_at }: AttachmentRecord): AttachmentView {
    const record = this.#options.store.get(addon);
    return {
      id,
      name,
      addon: record.name,
      app: this.#nameOf(app),
      createdAt: Date.parse(created_at),
      configVars: varNames(name, serviceOf(record.service)),
    };
  }

  /** Of an app that does not run: its ID. */
  #nameOf(id: string): string {
    return this.#options.world.app(id)?.name ?? id;
  }
}

/** Remarks on lines of env files that dynos do not get, because add-ons set the same config vars. */
function warnOfHidden(app: AddonApp, vars: Config): void {
  for (const [key, { from }] of app.ownVars()) {
    const used = vars.get(key);
    if (used && from.kind === 'file')
      app.remark(`${key} in ${from.file} has no effect: dynos get that of ${nameOrigin(used.from)}`);
  }
}

/** The user that the log and `releases` name for what a service does. */
function userOf(service: ServiceName): string {
  return `${service}@addons.heroku.com`;
}

interface VarChange {
  /** The attachment's name. */
  readonly name: string;
  /** The add-on's name. */
  readonly addon: string;
  readonly isGone: boolean;
}

/** The first config var of add-ons that is not as before. */
function firstChange(before: Config, after: Config): VarChange | undefined {
  const key = [...before.keys(), ...after.keys()].find(
    (one) => before.get(one)?.value !== after.get(one)?.value,
  );
  if (key === undefined) return undefined;
  const from = (after.get(key) ?? before.get(key))?.from;
  if (from?.kind !== 'addon') return undefined;
  // Without the end: DATABASE_URL.
  return { name: key.replace(/_[A-Z]+$/, ''), addon: from.name, isGone: !after.has(key) };
}
