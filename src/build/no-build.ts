import type { Buildpack } from './buildpack.js';
import { remark } from './lines.js';

/** dynosim's own way to deploy files as they are. Heroku refuses an app without a language. */
export const NO_BUILD: Buildpack = {
  name: 'none',
  url: 'none',
  detect: async () => ({ app: '' }),
  compile: async ({ executor }) => executor.print(remark('The files are deployed as they are.')),
  release: async () => ({ processTypes: {}, configVars: {} }),
};
