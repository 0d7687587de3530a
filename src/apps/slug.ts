import type { Config } from '../config/layers.js';
import type { Procfile } from '../procfile/parse.js';

/** The code of a release. https://devcenter.heroku.com/articles/slug-compiler */
export interface Slug {
  /** The folder that dynos run in. */
  readonly dir: string;
  readonly processes: Procfile;
  /** The full git commit; undefined if the Procfile has been edited since. */
  readonly commit?: string;
}

/** The parts of a release. https://devcenter.heroku.com/articles/releases */
export interface ReleaseContent {
  readonly slug: Slug;
  readonly config: Config;
}
