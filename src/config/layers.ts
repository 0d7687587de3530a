/** Config vars, and where they come from. */

/** A config var and where it comes from. */
export interface ConfigVar {
  readonly value: string;
  readonly from: ConfigOrigin;
}

export type ConfigOrigin =
  /** An env file, as the user named it: the last one that has the variable. */
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'store' }
  | { readonly kind: 'addon'; readonly name: string };

export type Config = ReadonlyMap<string, ConfigVar>;

/** Config vars to set; null removes one. */
export type VarChanges = ReadonlyMap<string, string | null>;

/** One source of config vars. */
export interface ConfigLayer {
  /**
   * What this layer sets, whether or not a release with it is live. It changes only through methods of the layer, never
   * by itself: a file that is edited while a release is made counts for the next release.
   */
  vars(): Config;
}

/** The layer that users change: env files, or a host's store. */
export interface OwnLayer extends ConfigLayer {
  /**
   * Sets or removes these vars, and no others, in the source as well.
   * @returns warnings, one line each
   * @throws UserError if a value cannot be written; then nothing has changed
   */
  write(changes: VarChanges): Promise<readonly string[]>;
  /**
   * Sets the vars of an earlier release, and removes all others. A store writes them. Env files keep their text; each var
   * then lasts until its line is edited, or dynosim starts again.
   * @throws UserError if the store cannot be written; then nothing has changed
   */
  rollBack(vars: Config): Promise<void>;
}

/** What the add-ons of an app give it. */
export interface Attached {
  /** The config vars that they set. */
  readonly vars: Config;
  /** Their plans: `heroku-postgresql:essential-0`. */
  readonly plans: readonly string[];
}

/** A change of an app's add-ons, which makes a release. */
export interface AttachedChange {
  /** What all its add-ons give it from now on. Called when it is the release's turn. */
  attached(): Attached;
  /** In the words of Heroku's API: `Attach DATABASE (@ref:postgresql-round-1)`. */
  readonly description: string;
  /** Who made it, if it was not the user: `heroku-postgresql@addons.heroku.com`. */
  readonly by?: string;
}

/** Names where a config var comes from: `.env`, `the add-on postgresql-round-1`. */
export function nameOrigin(from: ConfigOrigin): string {
  switch (from.kind) {
    case 'file':
      return from.file;
    case 'store':
      return 'the config vars';
    case 'addon':
      return `the add-on ${from.name}`;
  }
}

/** Config vars with some keys as they are now and the others as before. */
export function withChanges(before: Config, now: Config, keys: Iterable<string>): Config {
  const after = new Map(before);
  for (const key of keys) {
    const value = now.get(key);
    if (value) after.set(key, value);
    else after.delete(key);
  }
  return after;
}
