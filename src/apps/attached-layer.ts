import type { Config, ConfigLayer } from '../config/layers.js';

/** The config vars of an app's add-ons, over its own. https://devcenter.heroku.com/articles/managing-add-ons */
export class AttachedLayer implements ConfigLayer {
  #vars: Config = new Map();

  vars(): Config {
    return this.#vars;
  }

  set(vars: Config): void {
    this.#vars = vars;
  }
}
