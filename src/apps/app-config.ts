import { UserError } from '../base/errors.js';
import { enumerate } from '../base/wording.js';
import type { Config, ConfigLayer, OwnLayer, VarChanges } from '../config/layers.js';

/** Where an app's config vars come from: its own layer, and over it those of its add-ons. */
export type ConfigLayers = readonly [own: OwnLayer, ...attached: ConfigLayer[]];

/** The config vars that are set in an app's layers. A release has those that were set when it was made. */
export class AppConfig {
  readonly #own: OwnLayer;
  readonly #attached: readonly ConfigLayer[];

  constructor([own, ...attached]: ConfigLayers) {
    this.#own = own;
    this.#attached = attached;
  }

  get vars(): Config {
    return this.#withAttached(this.#own.vars());
  }

  /**
   * The config vars after a rollback to an earlier release, which does not change those of add-ons.
   * https://devcenter.heroku.com/articles/releases
   */
  asBefore(config: Config): Config {
    return this.#withAttached(this.#ownPartOf(config));
  }

  rollBack(config: Config): Promise<void> {
    return this.#own.rollBack(this.#ownPartOf(config));
  }

  /**
   * Sets config vars, or removes those that are null; all others stay as they are.
   * @returns warnings, one line each
   * @throws UserError `CONFIG_VAR_ATTACHED` for one of an add-on, and what the app's own layer throws
   */
  async write(changes: VarChanges): Promise<readonly string[]> {
    const attached = [...changes.keys()].flatMap((key) => {
      const from = this.vars.get(key)?.from;
      return from?.kind === 'addon' ? [{ key, name: from.name }] : [];
    });
    if (attached.length === 0) return this.#own.write(changes);
    // Heroku's wording.
    const message = `Cannot overwrite attachment values ${attached.map(({ key }) => key).join(', ')}`;
    const names = [...new Set(attached.map(({ name }) => name))];
    throw new UserError('CONFIG_VAR_ATTACHED', message, `They come from ${enumerate(names)}.`);
  }

  #withAttached(own: Config): Config {
    return new Map([own, ...this.#attached.map((layer) => layer.vars())].flatMap((vars) => [...vars]));
  }

  /** A var of the app's own that an add-on's hid in the release stays as it is. */
  #ownPartOf(config: Config): Config {
    const isAttached = (key: string): boolean => config.get(key)?.from.kind === 'addon';
    return new Map([
      ...[...this.#own.vars()].filter(([key]) => isAttached(key)),
      ...[...config].filter(([key]) => !isAttached(key)),
    ]);
  }
}
