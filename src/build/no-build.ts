import { registryUrl } from '../base/buildpacks.js';
import type { Buildpack } from './buildpack.js';
import { remark } from './lines.js';

/** The name of `NO_BUILD` in the form that Heroku's CLI accepts. */
export const NO_BUILD_AS_NAME = 'dynosim/none';

/** dynosim's own way to deploy files as they are. Heroku refuses an app without a language. */
export const NO_BUILD: Buildpack = {
  name: 'none',
  url: registryUrl(NO_BUILD_AS_NAME),
  detect: async () => ({ app: '' }),
  compile: async ({ executor }) => executor.print(remark('The files are deployed as they are.')),
  release: async () => ({ processTypes: {}, configVars: {} }),
};
