import { UserError } from '../../base/errors.js';
import { Turns } from '../../base/turns.js';
import type { AttachedApps } from '../attached-apps.js';
import type { Settings } from '../driver.js';
import type { AddonRecord } from '../records.js';
import type { RedisChanges } from '../requests.js';
import type { AddonServers } from '../servers.js';
import { limitsOf } from '../services.js';
import type { AddonStore } from '../store.js';
import { withRedis } from './connection.js';
import type { RedisControl, RedisServerView, RedisView } from './control.js';
import { newPassword } from './secrets.js';
import { checkSettings, recordOf, settingsOf } from './settings.js';

export interface RedisOperationsOptions {
  readonly store: AddonStore;
  readonly servers: Pick<AddonServers, 'apply' | 'varsOf'>;
  readonly apps: Pick<AttachedApps, 'view' | 'announceChanged'>;
}

/** The operations on Redis add-ons in this process. */
export class RedisOperations implements RedisControl {
  readonly #options: RedisOperationsOptions;
  readonly #turns = new Turns();

  constructor(options: RedisOperationsOptions) {
    this.#options = options;
  }

  async info(wanted: string): Promise<RedisView> {
    const { apps, servers } = this.#options;
    const addon = this.#get(wanted);
    const { connections: maxConnections = 0, bytes: maxBytes = 0, isVolatile = false } = limitsOf(addon);
    return {
      addon: apps.view(addon),
      url: servers.varsOf(addon).URL ?? '',
      ...settingsOf(addon),
      keepsData: !isVolatile,
      maxConnections,
      maxBytes,
      server: await this.#ask(addon),
    };
  }

  async configure({ addon: wanted, ...changes }: RedisChanges): Promise<RedisView> {
    const checked = checkSettings(changes);
    const { id } = await this.#change(wanted, (addon) => recordOf({ ...settingsOf(addon), ...checked }));
    return this.info(id);
  }

  async rotate(wanted: string): Promise<RedisView> {
    const changed = await this.#change(wanted, () => ({ password: newPassword() }));
    await this.#options.apps.announceChanged(changed);
    return this.info(changed.id);
  }

  async resetStats(wanted: string): Promise<void> {
    const { settings, port } = this.#get(wanted);
    const { password = '', config = '' } = settings;
    if (port !== null) await withRedis({ port, password }, (send) => send(config, 'RESETSTAT'));
  }

  /** Applies changes to the server, too; if it refuses, nothing has changed. One change follows the other. */
  #change(wanted: string, changes: (addon: AddonRecord) => Settings): Promise<AddonRecord> {
    const { store, servers } = this.#options;
    return this.#turns.take(async () => {
      const addon = this.#get(wanted);
      const changed = { ...addon, settings: { ...addon.settings, ...changes(addon) } };
      await servers.apply(changed);
      await store.updateAddon(addon.id, { settings: changed.settings });
      return changed;
    });
  }

  async #ask({ port, settings }: AddonRecord): Promise<RedisServerView | null> {
    if (port === null) return null;
    try {
      return readInfo(await withRedis({ port, password: settings.password ?? '' }, (send) => send('INFO')));
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  #get(wanted: string): AddonRecord {
    const addon = this.#options.store.get(wanted);
    if (addon.service === 'heroku-redis') return addon;
    throw new UserError('NO_SUCH_ADDON', `${addon.name} is no Redis add-on`);
  }
}

/** @param text what INFO says: https://redis.io/docs/latest/commands/info/ */
function readInfo(text: string): RedisServerView {
  const values = new Map(
    text.split('\r\n').map((line) => [line.split(':')[0], line.split(':').slice(1).join(':')]),
  );
  const valkey = values.get('valkey_version');
  const keys = [...text.matchAll(/^db\d+:keys=(\d+)/gm)].map(([, count]) => Number(count));
  return {
    version: valkey === undefined ? `Redis ${values.get('redis_version')}` : `Valkey ${valkey}`,
    // Without the one that asks.
    connections: Number(values.get('connected_clients')) - 1,
    bytes: Number(values.get('used_memory')),
    keys: keys.reduce((sum, count) => sum + count, 0),
  };
}
