import { randomInt, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NewAppSpec } from '../api/control.js';
import type { App } from '../apps/app.js';
import { requireLimits } from '../apps/app-formation.js';
import { checkAppName } from '../apps/app-name.js';
import { EcoPool } from '../apps/sleep/eco-pool.js';
import { makeFolder } from '../base/atomic-file.js';
import type { Time } from '../base/clock.js';
import { inOneLine, UserError } from '../base/errors.js';
import { realFolder } from '../base/folders.js';
import { unusable } from '../base/record-file.js';
import type { DynoSizeName } from '../base/sizes.js';
import { Turns } from '../base/turns.js';
import { type Containment, whyNoOverlay } from '../dynos/contain/index.js';
import type { LogBus } from '../logs/bus.js';
import { firstFormation } from '../procfile/formation.js';
import { DEFAULTS } from './defaults.js';
import type { DeployWorld } from './deploys/deploy.js';
import { Deploys } from './deploys/deploys.js';
import type { Host, NewApp } from './host.js';
import { inventName } from './invent-name.js';
import type { KeptApp } from './kept-app.js';
import { openKeptApp } from './open-kept-app.js';
import { HoursStore } from './store/hours-store.js';
import type { AppRecord } from './store/records.js';
import { StoredApp } from './store/stored-app.js';

export interface KeptAppsOptions {
  /** The state folder. */
  readonly state: string;
  /** The folder of the builds' caches. */
  readonly cache: string;
  /** For all apps. */
  readonly settings: Partial<Pick<NewApp, 'isStrict' | 'sleep' | 'memoryQuota' | 'hasDynoMetadata'>>;
  /** For the dynos of new apps. */
  readonly size: DynoSizeName;
  /** Makes the log of an app. */
  openLog(app: () => string): LogBus;
  /** Called with the reason why an app cannot run, in a line. */
  onProblem(line: string): void;
}

/** What kept apps need of their host's process. */
export interface KeptWorld extends DeployWorld {
  readonly time: Time;
  /** Called with unexpected errors. */
  onBug(error: unknown): void;
}

export type OpenKeptApps = (host: Host, world: KeptWorld) => KeptApps;

/** Lets a host keep apps; `load` then loads them. */
export function keepApps(options: KeptAppsOptions): OpenKeptApps {
  return (host, world) => new KeptApps(host, options, world);
}

/** Lasting apps of a host: created by `create`, deployed by a push, and loaded again at each start of the host. */
export class KeptApps {
  readonly state: string;
  readonly deploys: Deploys;
  /** Resolves at the end of `load`. Requests for an app wait for it. */
  readonly loaded: Promise<void>;
  #onLoaded = (): void => {};
  readonly #host: Host;
  readonly #options: KeptAppsOptions;
  readonly #folder: string;
  readonly #containment: Pick<Containment, 'start'>;
  #overlay: string | undefined;
  /** One account has one pool of dyno hours. */
  readonly #pool: EcoPool;
  readonly #hours: HoursStore;
  readonly #apps = new Map<App, KeptApp>();
  /** Makes changes of names and domains one at a time. */
  readonly #turns = new Turns();

  /** Use `keepApps`. */
  constructor(host: Host, options: KeptAppsOptions, world: KeptWorld) {
    this.#host = host;
    this.#options = options;
    this.state = options.state;
    this.#folder = join(options.state, 'apps');
    this.#containment = world.containment;
    const { quotaMs } = options.settings.sleep ?? DEFAULTS.sleep;
    this.loaded = new Promise((resolve) => {
      this.#onLoaded = resolve;
    });
    this.#hours = new HoursStore({
      file: join(options.state, 'hours.json'),
      clock: world.time.real,
      now: () => this.#pool.month,
      onProblem: options.onProblem,
    });
    const onUse = (isInUse: boolean): void => this.#hours.onUse(isInUse);
    this.#pool = new EcoPool({ time: world.time, quotaMs, onUse });
    this.deploys = new Deploys({
      world,
      loaded: this.loaded,
      state: options.state,
      find: (name) => {
        const entry = host.registry.find(name);
        return entry && this.#apps.get(entry.app)?.target;
      },
      onBug: world.onBug,
    });
  }

  /** Loads all apps. Skips an app whose state is damaged. */
  load(): Promise<void> {
    return this.#load().finally(this.#onLoaded);
  }

  async #load(): Promise<void> {
    try {
      makeFolder(this.#folder);
    } catch (error) {
      throw unusable(this.#folder, error);
    }
    const hours = this.#hours.read();
    if (hours) this.#pool.continueWith(hours);
    this.#overlay = await this.#findOverlay();
    await this.deploys.sources.sweep();
    const found: StoredApp[] = [];
    for (const name of readdirSync(this.#folder)) {
      const folder = join(this.#folder, name);
      const stored = await this.#orLeaveOut(() => StoredApp.load(folder, () => this.#host.now));
      if (stored) found.push(stored);
    }
    // Oldest first, as they were created.
    found.sort((a, b) => (a.record.created_at < b.record.created_at ? -1 : 1));
    for (const stored of found)
      await this.#orLeaveOut(() => this.#add(stored).catch((error) => this.#leaveOut(stored, error)));
  }

  /** Where dynos' changes of their slugs go, to be discarded; undefined where the system cannot do that. */
  async #findOverlay(): Promise<string | undefined> {
    const overlay = join(realFolder(this.state), 'run');
    const why = await whyNoOverlay(this.#containment, realFolder(this.#folder), overlay);
    if (why === undefined) return overlay;
    this.#options.onProblem(`Files that dynos write stay until the next deploy, unlike on Heroku: ${why}.`);
    return undefined;
  }

  async #orLeaveOut<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#options.onProblem(`An app is left out: ${inOneLine(error.message, error.hint)}`);
      return undefined;
    }
  }

  /** Removes an app that cannot run from the host, but not from disk. */
  async #leaveOut({ record }: StoredApp, error: unknown): Promise<never> {
    const app = this.#host.registry.find(record.name)?.app;
    if (app) {
      await this.#host.destroyApp(record.name);
      this.#apps.delete(app);
    }
    throw error;
  }

  /** The app with a domain that its user has added, if need be a wildcard: `*.example.com`. */
  ofDomain(hostname: string): App | undefined {
    return this.#withDomain(hostname) ?? this.#withDomain(hostname.replace(/^[^.]+/, '*'));
  }

  #withDomain(hostname: string): App | undefined {
    for (const [app, { stored }] of this.#apps)
      if (stored.record.domains.some((domain) => domain.hostname === hostname)) return app;
    return undefined;
  }

  /**
   * Creates an app without code.
   * @returns its name
   * @throws UserError `NAME_TAKEN`, `BAD_APP_NAME`, `SIZE_LIMIT`, `STATE_UNUSABLE`
   */
  create({ name, firstDeploy }: NewAppSpec): Promise<string> {
    return this.#turns.take(async () => {
      const { registry, now } = this.#host;
      const own = name === undefined ? inventName(randomInt, (it) => !registry.find(it)) : checkAppName(name);
      registry.requireFree(own);
      const { formation = {} } = firstDeploy ?? {};
      if (this.#options.settings.isStrict)
        requireLimits(firstFormation(Object.keys(formation), this.#options.size, formation));
      const id = randomUUID();
      const record = {
        ...EMPTY,
        id,
        name: own,
        created_at: new Date(now).toISOString(),
        ...(firstDeploy && { first_deploy: firstDeploy }),
      };
      const folder = join(this.#folder, id.slice(0, 8));
      await this.#add(await StoredApp.create(folder, record, () => this.#host.now));
      return own;
    });
  }

  /** @throws UserError `NO_SUCH_APP`, `NAME_TAKEN`, `BAD_APP_NAME`, `STATE_UNUSABLE` */
  rename(before: string, name: string): Promise<void> {
    return this.#turns.take(async () => {
      const { registry } = this.#host;
      const { app } = registry.get(before);
      if (before === checkAppName(name)) return;
      registry.requireFree(name);
      await this.#kept(app).stored.update({ name });
      app.rename(name);
      registry.rename(before, name);
    });
  }

  /**
   * Cancels its builds, stops its dynos, and removes it.
   * @throws UserError `NO_SUCH_APP`
   */
  destroy(name: string): Promise<void> {
    return this.#turns.take(async () => {
      const { app } = this.#host.registry.get(name);
      const { stored, target } = this.#kept(app);
      stored.builds.cancelAll();
      await this.#host.destroyApp(name);
      this.#apps.delete(app);
      await this.#host.addons?.forget(app);
      await this.deploys.forget(target);
      await stored.remove();
    });
  }

  /** Cancels all builds; resolves when none runs. */
  async close(): Promise<void> {
    for (const { stored } of this.#apps.values()) stored.builds.cancelAll();
    await this.deploys.close();
  }

  /** Writes everything that is kept to disk. Must be called after the last dyno has ended. */
  async save(): Promise<void> {
    await this.#hours.close();
  }

  async #add(stored: StoredApp): Promise<void> {
    const { settings, size, openLog, cache } = this.#options;
    await openKeptApp(this.#host, stored, {
      settings: { ...settings, pool: this.#pool, overlay: this.#overlay },
      size,
      openLog,
      services: {
        deploys: this.deploys,
        cacheDir: join(cache, stored.record.id.slice(0, 8)),
        urlOf: (name) => this.#host.urlOf(name),
        now: () => this.#host.now,
        turns: this.#turns,
        isTaken: (hostname) => this.#withDomain(hostname) !== undefined,
      },
      onKept: (app, kept) => this.#apps.set(app, kept),
    });
  }

  #kept(app: App): KeptApp {
    const kept = this.#apps.get(app);
    if (!kept) throw new Error(`${app.name} is not kept`);
    return kept;
  }
}

const EMPTY: Omit<AppRecord, 'id' | 'name' | 'created_at'> = {
  config: {},
  formation: {},
  maintenance: false,
  features: [],
  drains: [],
  domains: [],
  buildpacks: [],
};
