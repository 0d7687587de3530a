import type { Recipe } from './recipe.js';

/** Where the app's image comes from. */
export type ImageSource =
  /** dynosim writes a Dockerfile. */
  | {
      readonly from: 'recipe';
      readonly recipe: Recipe;
      /** Whether the app has profile scripts, which run before each command. */
      readonly hasProfile: boolean;
      /** What the build must not see, as in a `.dockerignore`. */
      readonly ignored: readonly string[];
    }
  /** The app has a Dockerfile of its own. */
  | { readonly from: 'own' };
