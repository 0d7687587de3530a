/** Where an app's image comes from. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildpackOf } from '../../base/buildpacks.js';
import { UserError } from '../../base/errors.js';
import { enumerate, quote } from '../../base/wording.js';
import { buildpacksFor, LANGUAGES } from '../../config/languages.js';
import { goRecipe } from './go.js';
import { gradleRecipe, mavenRecipe } from './java.js';
import { nodeRecipe } from './node.js';
import { phpRecipe } from './php.js';
import { pythonRecipe } from './python.js';
import type { Recipe, RecipeApp } from './recipe.js';
import { rubyRecipe } from './ruby.js';

export type ImageSource =
  /** dynosim writes a Dockerfile. */
  | {
      readonly from: 'recipe';
      readonly recipe: Recipe;
      /** How Node.js builds what the app shows to browsers, before the recipe. */
      readonly node?: Recipe;
      /** Whether the app has profile scripts, which run before each command. */
      readonly hasProfile: boolean;
      /** What the build does not get, as in a `.dockerignore`. */
      readonly ignored: readonly string[];
    }
  /** The app has a Dockerfile of its own. */
  | { readonly from: 'own' }
  /** The user makes the image. */
  | { readonly from: 'elsewhere' };

const RECIPES: Readonly<Record<string, (app: RecipeApp) => Recipe | Promise<Recipe>>> = {
  'heroku/nodejs': nodeRecipe,
  'heroku/python': pythonRecipe,
  'heroku/ruby': rubyRecipe,
  'heroku/go': goRecipe,
  'heroku/php': phpRecipe,
  'heroku/java': mavenRecipe,
  'heroku/gradle': gradleRecipe,
};

export interface SourceRequest extends RecipeApp {
  /** The buildpacks that were set for the app; empty: as Heroku detects them. */
  readonly buildpacks: readonly string[];
  /** The commands of the app, which tell its language if its files do not. */
  readonly commands: readonly string[];
  /** Whether the user names the image, and so may make it by other means. */
  readonly isNamed: boolean;
}

export interface ChosenRecipe {
  readonly recipe: Recipe;
  /** That of Node.js, if it builds the app before. */
  readonly node?: Recipe;
  /** The buildpacks that would build the app as well, and that no recipe stands for. */
  readonly others: readonly string[];
}

/**
 * Chooses how the image is built: by the app's own Dockerfile, or as the last of its buildpacks would build it.
 * @throws UserError `NO_IMAGE`, and what a file that cannot be read throws
 */
export async function chooseSource(request: SourceRequest): Promise<'own' | 'elsewhere' | ChosenRecipe> {
  const { dir, isNamed } = request;
  if (existsSync(join(dir, 'Dockerfile'))) return 'own';
  const names = buildpacksOf(request);
  const name = names.findLast((one) => Object.hasOwn(RECIPES, one));
  const recipe = name === undefined ? undefined : await RECIPES[name]?.(request);
  if (recipe !== undefined) {
    const hasNode = name !== NODE && names.includes(NODE);
    const others = names.filter((one) => one !== name && one !== NODE);
    return { recipe, others, ...(hasNode && { node: await nodeRecipe(request) }) };
  }
  if (isNamed) return 'elsewhere';
  const languages = Object.keys(RECIPES).map(
    (one) => LANGUAGES.find(({ buildpack }) => buildpack === one)?.name ?? '',
  );
  throw new UserError(
    'NO_IMAGE',
    `No image can be made of ${quote(dir)}: it has neither a Dockerfile nor the files of an app in ${enumerate(languages, 'or')}`,
    'Write a Dockerfile, or make the image by other means and name it: --image NAME.',
  );
}

const NODE = 'heroku/nodejs';

/**
 * Heroku builds with the first buildpack that takes the app, unless the user has set others. Here the command of web
 * tells the language if there are several, and Node.js, if it is among them, builds before.
 */
function buildpacksOf({ dir, buildpacks, commands }: SourceRequest): readonly string[] {
  if (buildpacks.length > 0) return buildpacks;
  const [byCommand] = commands.flatMap((command) => buildpackOf(programOf(command)) ?? []);
  const detected = buildpacksFor(dir);
  const [first = byCommand] = detected;
  const chosen = detected.find((name) => name === byCommand) ?? first;
  if (chosen === undefined) return [];
  return chosen !== NODE && detected.some((name) => name === NODE) ? [NODE, chosen] : [chosen];
}

/** `gunicorn` of `A=b gunicorn app:app` */
function programOf(command: string): string {
  return /^(?:\w+=\S*\s+)*(\S+)/.exec(command)?.[1] ?? '';
}

/** Whether one of the commands is run by Node.js. */
export function needsNode(commands: readonly string[]): boolean {
  return commands.some((command) => buildpackOf(programOf(command)) === NODE);
}
