import type { Attached, Config, ConfigLayer } from '../config/layers.js';

/** The config vars of an app's add-ons, over its own. https://devcenter.heroku.com/articles/managing-add-ons */
export class AttachedLayer implements ConfigLayer {
  #attached: Attached = { vars: new Map(), plans: [] };

  vars(): Config {
    return this.#attached.vars;
  }

  /** The plans of the add-ons. */
  get plans(): readonly string[] {
    return this.#attached.plans;
  }

  set(attached: Attached): void {
    this.#attached = attached;
  }
}
