import { UserError } from '../../base/errors.js';
import { CONFIG_VARS_BYTES } from '../../base/limits.js';
import { quote } from '../../base/wording.js';
import type { Config, OwnLayer, VarChanges } from '../../config/layers.js';

/** Stores an app's config vars. */
export interface ConfigStore {
  readonly config: Readonly<Record<string, string>>;
  /** Resolves when they are on disk. */
  saveConfig(config: Readonly<Record<string, string>>): Promise<void>;
}

/** Keeps config vars for as long as this process runs. */
export function storeInMemory(config: Readonly<Record<string, string>>): ConfigStore {
  let kept = config;
  return {
    get config() {
      return kept;
    },
    async saveConfig(next) {
      kept = next;
    },
  };
}

/** The config vars of an app that has no env file. https://devcenter.heroku.com/articles/config-vars */
export class StoreLayer implements OwnLayer {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  vars(): Config {
    return toConfig(this.#store.config);
  }

  /** @throws UserError `BAD_CONFIG_VAR`, `CONFIG_VARS_TOO_BIG`, `STATE_UNUSABLE`, without any change */
  async write(changes: VarChanges): Promise<readonly string[]> {
    const next = new Map(Object.entries(this.#store.config));
    for (const [key, value] of changes) {
      if (value === null) next.delete(key);
      else next.set(checkKey(key), checkValue(key, value));
    }
    checkSize(next);
    await this.#store.saveConfig(Object.fromEntries(next));
    return [];
  }

  /** @throws UserError `STATE_UNUSABLE`, without any change */
  rollBack(vars: Config): Promise<void> {
    return this.#store.saveConfig(fromConfig(vars));
  }
}

/**
 * Config vars from a record of the store.
 * @param addons the names of the add-ons that some of them come from
 */
export function toConfig(
  record: Readonly<Record<string, string>>,
  addons: Readonly<Record<string, string>> = {},
): Config {
  return new Map(
    Object.entries(record).map(([key, value]) => {
      const name = addons[key];
      return [key, { value, from: name === undefined ? { kind: 'store' } : { kind: 'addon', name } }];
    }),
  );
}

/** The names of the add-ons that config vars come from, as in a record. */
export function addonsOf(config: Config): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(config).flatMap(([key, { from }]) => (from.kind === 'addon' ? [[key, from.name]] : [])),
  );
}

export function fromConfig(config: Config): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(config, ([key, { value }]) => [key, value]));
}

/** Refuses names that no process or shell can use. */
function checkKey(key: string): string {
  if (/^[^=\0\s]+$/.test(key)) return key;
  throw new UserError(
    'BAD_CONFIG_VAR',
    `${quote(key)} is not a name for a config var`,
    'Use letters, digits and underscores.',
  );
}

function checkValue(key: string, value: string): string {
  if (!value.includes('\0')) return value;
  throw new UserError('BAD_CONFIG_VAR', `The value of ${key} has a NUL, which no environment can hold`);
}

function checkSize(config: ReadonlyMap<string, string>): void {
  const bytes = [...config].reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (bytes <= CONFIG_VARS_BYTES) return;
  throw new UserError(
    'CONFIG_VARS_TOO_BIG',
    `All config vars together would take ${bytes} bytes: ${CONFIG_VARS_BYTES} is the limit`,
  );
}
