import type { AddonView } from '../control.js';
import type { RedisChanges } from '../requests.js';
import type { RedisSettings } from './settings.js';

/** A Redis add-on as seen from outside. */
export interface RedisView extends RedisSettings {
  readonly addon: AddonView;
  /** With its password: `rediss://:p…@127.0.0.1:41234`. Empty before it is ready. */
  readonly url: string;
  /** Whether its data is still there after a restart. */
  readonly keepsData: boolean;
  /** How many connections its plan has. */
  readonly maxConnections: number;
  /** How much memory its plan has. */
  readonly maxBytes: number;
  /** What its server says; null while it does not answer, for example because all connections are in use. */
  readonly server: RedisServerView | null;
}

export interface RedisServerView {
  /** `Valkey 8.1.1`, `Redis 7.0.15` */
  readonly version: string;
  readonly connections: number;
  readonly bytes: number;
  readonly keys: number;
}

/** The operations on Redis add-ons. An add-on is named by its name or ID. */
export interface RedisControl {
  /** @throws UserError `NO_SUCH_ADDON` */
  info(addon: string): Promise<RedisView>;
  /**
   * Changes settings, which hold at once, and after restarts.
   * @throws UserError `NO_SUCH_ADDON`, `BAD_REDIS_SETTING`, `REDIS_REFUSED`
   */
  configure(changes: RedisChanges): Promise<RedisView>;
  /**
   * Gives it another password. The apps that have it attached get a release; open connections stay.
   * @throws UserError `NO_SUCH_ADDON`, `REDIS_REFUSED`
   */
  rotate(addon: string): Promise<RedisView>;
  /**
   * Sets its statistics back to 0.
   * @throws UserError `NO_SUCH_ADDON`, `REDIS_REFUSED`
   */
  resetStats(addon: string): Promise<void>;
}
