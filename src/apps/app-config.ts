import type { EnvChanges } from '../config/env-edit.js';
import {
  type Config,
  type ConfigLayer,
  type ConfigVar,
  mergeLayers,
  withChanges,
  writeLayers,
} from '../config/layers.js';

/**
 * The config vars that are set: what the layers say; after a rollback those of an earlier release, until a layer
 * changes. A release that fails has set its own all the same.
 */
export class AppConfig {
  readonly #layers: readonly ConfigLayer[];
  #rolledBackTo: Config | undefined;

  constructor(layers: readonly ConfigLayer[]) {
    this.#layers = layers;
  }

  get vars(): Config {
    return this.#rolledBackTo ?? this.layered;
  }

  /** What the layers say. */
  get layered(): Config {
    return mergeLayers(this.#layers);
  }

  /**
   * The config vars of an earlier release as they are after a rollback to it: add-ons are no part of that.
   * https://devcenter.heroku.com/articles/releases
   */
  asBefore(config: Config): Config {
    const isAttached = ([, { from }]: readonly [string, ConfigVar]): boolean => from.kind === 'addon';
    const own = [...config].filter((entry) => !isAttached(entry));
    return new Map([...own, ...[...this.layered].filter(isAttached)]);
  }

  /** @param config those of `asBefore` */
  rollBack(config: Config): void {
    this.#rolledBackTo = config;
  }

  /** A layer has changed: what it says is set from now on. */
  followLayers(): void {
    this.#rolledBackTo = undefined;
  }

  /**
   * Sets config vars in the layers, or removes them by null; the others stay as they are set.
   * @returns warnings, one line each
   * @throws UserError those of `writeLayers`
   */
  async write(changes: EnvChanges): Promise<readonly string[]> {
    const warnings = await writeLayers(this.#layers, changes);
    if (this.#rolledBackTo)
      this.#rolledBackTo = withChanges(this.#rolledBackTo, this.layered, changes.keys());
    return warnings;
  }
}
