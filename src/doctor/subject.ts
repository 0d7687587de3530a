import type { CheckReport } from '../config/check/check-app.js';
import type { Environment } from '../config/dyno-env.js';
import type { Config } from '../config/layers.js';
import type { Formation } from '../procfile/formation.js';

/** The app that is examined. */
export interface Subject {
  /** The app's name. */
  readonly name: string;
  /** The app's folder, absolute. Nothing writes to it. */
  readonly dir: string;
  /** The Procfile, relative to the folder. */
  readonly procfile: string;
  /** The env files that the user named, relative to the folder; empty: `.env`, if it is there. */
  readonly envFiles: readonly string[];
  /** What `dynosim check` finds. */
  readonly report: CheckReport;
  /** How many dynos of which size there would be; empty without a Procfile that can be read. */
  readonly formation: Formation;
  /** The config vars of its env files; none if these cannot be read. */
  readonly configVars: Config;
  /** The buildpacks that are set for the app to which its git remote leads; none: Heroku detects them. */
  readonly buildpacks: readonly string[];
  /** The environment that dynosim was started with. */
  readonly shell: Environment;
}
