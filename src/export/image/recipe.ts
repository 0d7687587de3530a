/** How an image of an app is made, as data. `dockerfile.ts` writes it down. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../config/languages.js';

export interface Recipe {
  readonly language: Language;
  /** The image that the app runs in. */
  readonly base: string;
  /** The image that builds it; it may have compilers that the other one lacks. */
  readonly buildBase: string;
  /** Variables that a user may give the build, such as the address of a registry. They do not reach the image. */
  readonly settings: readonly string[];
  /** Set for the build alone. */
  readonly buildEnv: Readonly<Record<string, string>>;
  /** Commands for a shell as root, before all else, in both images. */
  readonly setup: readonly string[];
  /** The files that `install` needs; empty: all. */
  readonly manifests: readonly string[];
  /** Commands for a shell in /app. What they do is done again only if one of the manifests has changed. */
  readonly install: readonly string[];
  /** Commands for a shell in /app, with the app's source. */
  readonly build: readonly string[];
  /** Set in the image; config vars count more. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders with the app's programs, absolute. */
  readonly path: Readonly<{ before: readonly string[]; behind: readonly string[] }>;
  /** Debian packages that the app needs where it runs. */
  readonly packages: readonly string[];
}

/** A recipe with nothing in it that not all have. */
export const EMPTY = {
  settings: [],
  buildEnv: {},
  setup: [],
  manifests: [],
  install: [],
  build: [],
  env: {},
  path: { before: [], behind: ['/app/bin'] },
  packages: [],
} as const satisfies Partial<Recipe>;

/** What a recipe is made of. */
export interface RecipeApp {
  /** Its folder, absolute. */
  readonly dir: string;
  /** Its own config vars, which a build of Heroku's gets. */
  readonly configVars: ReadonlyMap<string, string>;
}

/** The config vars among these names. */
export function chosenVars(
  { configVars }: RecipeApp,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries([...configVars].filter(([name]) => names.includes(name)));
}

/** Runs a script of the app, if it has it. */
export function hookCommand({ dir }: RecipeApp, file: string): readonly string[] {
  return existsSync(join(dir, file)) ? [`bash ${file}`] : [];
}
