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
 * The config vars that are set. They come from the layers or, after a rollback, from an earlier release until a layer
 * changes. Those of a failed release stay set.
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

  /** The config vars of the layers. */
  get layered(): Config {
    return mergeLayers(this.#layers);
  }

  /**
   * The config vars after a rollback to an earlier release, which does not change those of add-ons.
   * https://devcenter.heroku.com/articles/releases
   */
  asBefore(config: Config): Config {
    const isAttached = ([, { from }]: readonly [string, ConfigVar]): boolean => from.kind === 'addon';
    const own = [...config].filter((entry) => !isAttached(entry));
    return new Map([...own, ...[...this.layered].filter(isAttached)]);
  }

  /** @param config from `asBefore` */
  rollBack(config: Config): void {
    this.#rolledBackTo = config;
  }

  /** Ends a rollback, because a layer has changed. */
  followLayers(): void {
    this.#rolledBackTo = undefined;
  }

  /**
   * Sets config vars in the layers, or removes those that are null; all others stay as they are.
   * @returns warnings, one line each
   * @throws UserError as `writeLayers` does
   */
  async write(changes: EnvChanges): Promise<readonly string[]> {
    const warnings = await writeLayers(this.#layers, changes);
    if (this.#rolledBackTo)
      this.#rolledBackTo = withChanges(this.#rolledBackTo, this.layered, changes.keys());
    return warnings;
  }
}
