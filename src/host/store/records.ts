/** The records in a host's state folder. */

import { FIRST_DEPLOY } from '../../apps/requests.js';
import {
  count,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  type ShapeOf,
  text,
} from '../../base/shape.js';
import { DYNO_SIZE_NAMES } from '../../base/sizes.js';

const BUILDPACK = object({ name: text, url: text });

/** `app.json`: the app's current state. Times are ISO 8601. */
export const APP_RECORD = object(
  {
    id: text,
    name: text,
    created_at: text,
    config: record(text),
    formation: record(object({ quantity: count, size: oneOf(...DYNO_SIZE_NAMES) })),
    maintenance: flag,
    features: list(text),
    drains: list(object({ id: text, token: text, url: text, created_at: text })),
    /** Host names in addition to `NAME.localhost`. */
    domains: list(object({ id: text, hostname: text, created_at: text })),
    /** Set by the user, or detected by the last build that succeeded. */
    buildpacks: list(BUILDPACK),
  },
  {
    first_deploy: FIRST_DEPLOY,
  },
);

export type AppRecord = ShapeOf<typeof APP_RECORD>;

/** `hours.json` of the host: the eco dyno hours that were used in a month. */
export const HOURS_RECORD = object({
  /** In UTC: `2026-11`. */
  month: text,
  /** By the app's ID. */
  used_ms: record(number),
});

/** `slugs/N.json`: the result of a build, in the folder `slugs/N`. */
export const SLUG_RECORD = object({
  id: text,
  commit: nullable(text),
  processes: list(object({ type: text, command: text })),
  bytes: count,
  buildpacks: list(BUILDPACK),
  /** `Node.js`; empty if no buildpack has named a language. */
  language: text,
  created_at: text,
  /** Whether the folder has been removed, because no release with this slug can be rolled back to. */
  removed: flag,
});

export type SlugRecord = ShapeOf<typeof SLUG_RECORD>;

/** `builds/ID.json` */
export const BUILD_RECORD = object({
  id: text,
  status: oneOf('pending', 'succeeded', 'failed'),
  source_version: text,
  created_at: text,
  updated_at: text,
  user: text,
  buildpacks: list(BUILDPACK),
  release: nullable(count),
});

/** `releases/N.json` */
export const RELEASE_RECORD = object(
  {
    id: text,
    version: count,
    description: text,
    created_at: text,
    status: oneOf('pending', 'succeeded', 'failed'),
    /** Null before the first deploy. */
    slug: nullable(text),
    config: record(text),
    /** The output of its release command; null if none has run. */
    output: nullable(text),
  },
  {
    /** Who made it, if it was not the user. */
    by: text,
    /** The config vars that came from add-ons, and the name of each one's add-on. */
    addons: record(text),
    /** The plans of the app's add-ons. */
    addon_plans: list(text),
  },
);

export type ReleaseRecord = ShapeOf<typeof RELEASE_RECORD>;
