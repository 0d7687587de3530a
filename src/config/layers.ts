/** Config vars come in layers: what an app's env files or its store say, what its add-ons bring. */

import { UserError } from '../base/errors.js';
import { enumerate } from '../base/wording.js';
import type { EnvChanges } from './env-edit.js';

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

/** One place that config vars come from. */
export interface ConfigLayer {
  /** For messages: `.env`. */
  readonly name: string;
  vars(): Config;
  /**
   * Sets config vars, or removes them by null. A layer without this is not for users to change.
   * @returns warnings, one line each
   * @throws UserError if a value cannot be written; then nothing has been
   */
  write?(changes: EnvChanges): Promise<readonly string[]>;
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

/** The config vars of all layers: later layers win. */
export function mergeLayers(layers: readonly ConfigLayer[]): Config {
  return new Map(layers.flatMap((layer) => [...layer.vars()]));
}

/**
 * Writes config vars into the layers: a key into the last that has it, else into the last that can be written. A key
 * is removed from every layer that has it.
 * @returns warnings, one line each
 * @throws UserError `CONFIG_VAR_ATTACHED` for a key of a layer that cannot be written, and what the layers throw
 */
export async function writeLayers(
  layers: readonly ConfigLayer[],
  changes: EnvChanges,
): Promise<readonly string[]> {
  refuseAttached(layers, changes);
  const warnings: string[] = [];
  for (const layer of layers.filter(isWritable)) {
    const own = [...changes].filter(([key, value]) => targetsOf(layers, key, value).includes(layer));
    if (own.length > 0) warnings.push(...(await layer.write(new Map(own))));
  }
  return warnings;
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

type WritableLayer = ConfigLayer & Required<Pick<ConfigLayer, 'write'>>;

function isWritable(layer: ConfigLayer): layer is WritableLayer {
  return layer.write !== undefined;
}

function targetsOf(
  layers: readonly ConfigLayer[],
  key: string,
  value: string | null,
): readonly WritableLayer[] {
  const writable = layers.filter(isWritable);
  const having = writable.filter((layer) => layer.vars().has(key));
  if (having.length === 0) return writable.slice(-1);
  return value === null ? having : having.slice(-1);
}

/** In Heroku's words. */
function refuseAttached(layers: readonly ConfigLayer[], changes: EnvChanges): void {
  const attached = layers.filter((layer) => !isWritable(layer));
  const keys = [...changes.keys()].filter((key) => attached.some((layer) => layer.vars().has(key)));
  if (keys.length === 0) return;
  const names = attached.filter((layer) => keys.some((key) => layer.vars().has(key))).map(({ name }) => name);
  throw new UserError(
    'CONFIG_VAR_ATTACHED',
    `Cannot overwrite attachment values ${keys.join(', ')}`,
    `They come from ${enumerate(names)}.`,
  );
}
