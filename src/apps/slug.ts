import { fingerprint } from '../base/ids.js';
import type { Config } from '../config/layers.js';
import { formatProcfile, type Procfile } from '../procfile/parse.js';

/** The code of a release. https://devcenter.heroku.com/articles/slug-compiler */
export interface Slug {
  /** Undefined if it is an app's own folder, which nothing was built from. */
  readonly id?: string;
  /** The folder that dynos run in. */
  readonly dir: string;
  readonly processes: Procfile;
  /** The full git commit; undefined if the Procfile has been edited since. */
  readonly commit?: string;
  /** Of all its files; undefined for an app's own folder. */
  readonly bytes?: number;
  /** What its buildpack calls it, if one has built it: `Node.js` */
  readonly language?: string;
  /** No code has been deployed yet. https://devcenter.heroku.com/articles/error-codes#h81-blank-app */
  readonly isBlank?: true;
}

/** The parts of a release. https://devcenter.heroku.com/articles/releases */
export interface ReleaseContent {
  readonly slug: Slug;
  readonly config: Config;
  /** `heroku-postgresql:essential-0` */
  readonly addonPlans: readonly string[];
}

/** Equal for the same build, or for folders with the same process types. */
export function hashOf({ id, processes }: Pick<Slug, 'id' | 'processes'>): string {
  return id ?? fingerprint(formatProcfile(processes.values()));
}
