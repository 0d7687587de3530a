import type { AppFolder } from '../../config/init/proposal.js';
import { COPY_SOURCE, type Recipe } from './recipe.js';

/** As heroku/nodejs builds. https://devcenter.heroku.com/articles/nodejs-support */
export function nodeRecipe(app: AppFolder): Recipe {
  return {
    language: 'Node.js',
    base: 'node:24-slim',
    buildBase: 'node:24',
    settings: ['NPM_CONFIG_REGISTRY'],
    buildEnv: {},
    build: [
      ...COPY_SOURCE,
      ...(app.has('package-lock.json') ? ['RUN npm ci --include=dev', 'RUN npm prune'] : []),
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    env: { NODE_ENV: 'production', PATH: '${PATH}:/app/bin:/app/node_modules/.bin' },
    folders: [],
    packages: [],
  };
}
