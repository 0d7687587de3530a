import { UserError } from '../base/errors.js';
import { enumerate } from '../base/wording.js';

/**
 * The features of `heroku features` (state `general`) and `heroku labs` (the others) that have an effect here.
 * https://devcenter.heroku.com/articles/heroku-labs
 */
export const FEATURES = [
  {
    name: 'preboot',
    state: 'general',
    description: 'Start new web dynos and wait until they listen before the old ones stop',
    docUrl: 'https://devcenter.heroku.com/articles/preboot',
  },
  {
    name: 'log-runtime-metrics',
    state: 'beta',
    description: 'Emit dyno resource usage information into app logs',
    docUrl: 'https://devcenter.heroku.com/articles/log-runtime-metrics',
  },
  {
    name: 'runtime-dyno-metadata',
    state: 'beta',
    description: 'Dyno metadata: HEROKU_APP_NAME and the like in the environment of dynos',
    docUrl: 'https://devcenter.heroku.com/articles/dyno-metadata',
  },
] as const;

export type Feature = (typeof FEATURES)[number];
export type FeatureName = Feature['name'];

/** Which features of one app are on. A change takes effect when a dyno starts. */
export class Features {
  readonly #enabled: Set<FeatureName>;

  constructor(enabled: Iterable<FeatureName>) {
    this.#enabled = new Set(enabled);
  }

  get enabled(): readonly FeatureName[] {
    return [...this.#enabled];
  }

  has(name: FeatureName): boolean {
    return this.#enabled.has(name);
  }

  set(name: FeatureName, isEnabled: boolean): void {
    if (isEnabled) this.#enabled.add(name);
    else this.#enabled.delete(name);
  }

  /** @throws UserError `NO_SUCH_FEATURE` */
  static find(name: string): Feature {
    const found = FEATURES.find((feature) => feature.name === name);
    if (found) return found;
    throw new UserError(
      'NO_SUCH_FEATURE',
      `Couldn't find that feature (${name})`,
      `There are ${enumerate(FEATURES.map((feature) => feature.name))}.`,
    );
  }
}
