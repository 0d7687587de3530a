import { join } from 'node:path';
import { textOf } from '../../config/folder.js';
import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';
import type { Builder } from '../buildpack.js';
import { readNodeFacts } from './facts.js';
import { planNode } from './plan.js';

/** heroku/nodejs. https://devcenter.heroku.com/articles/nodejs-support */
export const nodejs: Builder = {
  plan: async (app) => planNode(await readNodeFacts(app)),
  exports: ({ dir, env }) => ({ PATH: `${env.PATH}:${join(dir, 'node_modules/.bin')}` }),
  async release(dir) {
    const isTool = /^\s*mcp.*:/m.test(textOf(join(dir, DEFAULT_PROCFILE)));
    return { processTypes: isTool ? {} : { web: 'npm start' }, configVars: {} };
  },
};
