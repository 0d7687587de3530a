import { errorMessage, UserError } from '../base/errors.js';
import type { ServerDriver, ServerLine, ServerPlace, Settings } from './driver.js';
import type { Drivers } from './drivers.js';
import type { AddonRecord } from './records.js';
import { AddonServer } from './server.js';
import type { ServiceName } from './services.js';
import type { AddonStore } from './store.js';
import type { AddonsWorld } from './world.js';

export interface AddonServersOptions {
  readonly world: AddonsWorld;
  readonly store: AddonStore;
  readonly drivers: Drivers;
  /** Called when an add-on has moved to another port, which is on disk. */
  onMoved(addon: AddonRecord): Promise<void>;
  /** Called with lines for the logs of the apps that an add-on is attached to. */
  onLine(
    addon: AddonRecord,
    driver: Pick<ServerDriver, 'process' | 'tag'>,
    line: Pick<ServerLine, 'log' | 'remark'>,
  ): void;
}

/** The servers of all add-ons of a host. */
export class AddonServers {
  readonly #options: AddonServersOptions;
  readonly #servers = new Map<string, AddonServer>();

  constructor(options: AddonServersOptions) {
    this.#options = options;
  }

  /** Undefined for a service that has no servers. */
  driverOf(service: ServiceName): ServerDriver | undefined {
    return this.#options.drivers[service];
  }

  /**
   * Starts the server of an add-on whose data exists.
   * @returns whether it takes connections; true for a service without servers
   */
  start(addon: AddonRecord): Promise<boolean> | boolean {
    const { world, store, onMoved, onLine } = this.#options;
    const driver = this.driverOf(addon.service);
    if (!driver) return true;
    const now = (): AddonRecord => store.find(addon.id) ?? addon;
    const server = new AddonServer({
      driver,
      world: { ...world, clock: world.time.real },
      place: () => ({ addon: now(), folder: store.dataOf(addon) }),
      async onPort(port) {
        const isMove = now().port !== null;
        await store.updateAddon(addon.id, { port });
        if (isMove) await onMoved(now());
      },
      onLine: (line) => onLine(now(), driver, line),
    });
    this.#servers.set(addon.id, server);
    return server.start();
  }

  /** Ends the server of an add-on, if it has one. Resolves when none of its processes is left. */
  async stop({ id }: Pick<AddonRecord, 'id'>): Promise<void> {
    await this.#servers.get(id)?.stop();
    this.#servers.delete(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }

  /** Where the server of an add-on is; undefined if it has never run. */
  placeOf(addon: AddonRecord): ServerPlace | undefined {
    const { port } = addon;
    return port === null ? undefined : { addon, folder: this.#options.store.dataOf(addon), port };
  }

  /** The values of the config vars of an add-on, by the end of their names; empty before it is ready. */
  varsOf(addon: AddonRecord): Settings {
    const place = addon.state === 'provisioned' ? this.placeOf(addon) : undefined;
    return (place && this.driverOf(addon.service)?.vars(place)) ?? {};
  }

  /**
   * Applies an add-on's plan and settings to its server.
   * @throws UserError `SERVER_UNAVAILABLE` if the server does not do it
   */
  async apply(addon: AddonRecord): Promise<void> {
    const place = this.placeOf(addon);
    try {
      if (place) await this.driverOf(addon.service)?.prepare(place);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const message = `the server of ${addon.name} cannot be changed now: ${errorMessage(error)}`;
      throw new UserError('SERVER_UNAVAILABLE', message, 'Its log says more: dynosim logs');
    }
  }
}
