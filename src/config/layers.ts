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
   * What is set by this layer. It changes only by the layer's own methods, so that a release that is being made
   * finds the same at its end as at its beginning, whoever edits a file meanwhile.
   */
  vars(): Config;
}

/**
 * The source whose config vars the user changes: env files, or a host's store. What it says is set, whether or not the
 * release that sets it goes live.
 */
export interface OwnLayer extends ConfigLayer {
  /**
   * Changes the source, and what is set: these vars, and no others.
   * @returns warnings, one line each
   * @throws UserError if a value cannot be written; then nothing has changed
   */
  write(changes: VarChanges): Promise<readonly string[]>;
  /**
   * Sets what an earlier release had: these vars, and no others. A store keeps them. Env files stay as they are: what
   * they say is set again for each var whose line is edited, and for all when dynosim starts again.
   * @throws UserError if they cannot be kept; then nothing has changed
   */
  rollBack(vars: Config): Promise<void>;
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
